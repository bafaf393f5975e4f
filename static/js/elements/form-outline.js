// <form-outline>: arrow keys go through groups and fields; with Alt they press the row's own move buttons.
import { bringInto } from "./bring-into.js";

class FormOutline extends HTMLElement {
  connectedCallback() {
    const keys = this.querySelector("[data-keys]");
    if (keys) keys.hidden = false;
    this.addEventListener("keydown", (event) => this.pressed(event));
    bringInto(this.closest(".builder-outline"), this.querySelector("[aria-current]"));
  }

  pressed(event) {
    const row = event.target.closest?.("a[data-at]");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!row || !step || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (event.repeat) return;
    if (event.altKey) row.parentElement.querySelector(step < 0 ? "[data-up]" : "[data-down]")?.click();
    else this.go(row, step);
  }

  go(row, step) {
    const rows = [...this.querySelectorAll("a[data-at]")];
    rows[rows.indexOf(row) + step]?.focus();
  }
}

customElements.define("form-outline", FormOutline);
