// The strip of reasons that opens when somebody excludes: buttons, and the digits 1-9.
import { el } from "../dom.js";
import { cap, keyOf } from "./keys.js";
import { verdict } from "./words.js";

export class Reasons {
  /** reasons: [{id, text, number}]; required(): must one be chosen?; onReason(id) hears the choice, null for none. */
  constructor(strip, { reasons, required, onReason }) {
    Object.assign(this, { strip, reasons, required, onReason, picking: false });
  }

  open() {
    this.picking = true;
    const choices = this.reasons.map((reason) => el("button", { type: "button", className: "wb-reason", onclick: (event) => event.detail > 1 || this.onReason(reason.id) },
      el("kbd", {}, reason.number <= 9 ? String(reason.number) : "·"), reason.text));
    if (!this.required()) {
      choices.push(el("button", { type: "button", className: "wb-reason", onclick: () => this.onReason(null) }, el("kbd", {}, cap(keyOf("exclude"))), "no reason"));
    }
    const back = el("button", { type: "button", className: "wb-reason is-back", onclick: () => this.close() }, el("kbd", {}, "Esc"), "back");
    this.strip.setAttribute("aria-label", "Reason for exclusion");
    this.strip.replaceChildren(el("p", {}, verdict("exclude"), " because…"), ...choices, back);
    this.strip.hidden = false;
  }

  close() {
    this.picking = false;
    this.strip.hidden = true;
  }

  /** The reason of a digit, while the strip is open; true when there was one. */
  digit(number) {
    const reason = this.picking && this.reasons.find((one) => one.number === number);
    if (reason) this.onReason(reason.id);
    return Boolean(reason);
  }
}
