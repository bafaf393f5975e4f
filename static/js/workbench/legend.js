// The dialog behind "?": what the keys do, which preset they follow, and the choices kept in this browser.
import { el, prefs } from "../dom.js";
import { ACTIONS, PRESETS, cap, keyOf, preset } from "./keys.js";

export const revealChoice = () => prefs.get("reveal", "always");

export class Legend {
  /** changed() is called after any choice. */
  constructor(changed) {
    this.dialog = document.getElementById("wb-legend");
    this.dialog.addEventListener("change", (event) => {
      prefs.set(event.target.name, event.target.value);
      this.paint();
      changed();
    });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  open() {
    this.paint();
    this.dialog.showModal();
  }

  paint() {
    const rows = ACTIONS.filter(([action]) => Object.values(PRESETS[preset()]).includes(action));
    this.dialog.querySelector(".wb-keys").replaceChildren(
      ...rows.map(([action, text]) => el("div", {}, el("dt", {}, el("kbd", {}, cap(keyOf(action)))), el("dd", {}, text))));
    this.check("keys", preset());
    this.check("reveal", revealChoice());
  }

  check(name, value) {
    for (const input of this.dialog.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === value;
  }
}
