// <theme-switch>: three buttons (auto, light, dark); theme.js applies the choice before the first paint.
import { prefs } from "../dom.js";

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.show();
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[value]");
      if (!button) return;
      prefs.set("theme", button.value);
      window.dispatchEvent(new Event("themechange"));
      this.show();
      this.hidePopover?.();
    });
  }

  show() {
    const chosen = prefs.get("theme", "auto");
    for (const button of this.querySelectorAll("button[value]")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
