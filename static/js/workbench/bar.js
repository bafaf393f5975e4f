// The decision bar: verdict buttons with their keys, the strip of reasons, and keep/change after the AI's opinion.
import { el, icon } from "../dom.js";
import { cap, keyOf, writeKeys } from "./keys.js";
import { Overrides } from "./overrides.js";
import { Reasons } from "./reasons.js";
import { plain, verdict } from "./words.js";

export class Bar {
  /** act(name) runs an action; reasons: [{id, text, number}]; overrides: [{code, text, number}]. */
  constructor(root, { act, reasons, required, onReason, overrides }) {
    this.form = root.querySelector(".wb-bar");
    this.reveal = root.querySelector(".wb-reveal");
    this.act = act;
    this.because = new Reasons(root.querySelector(".wb-reasons"), { reasons, required, onReason });
    this.otherwise = new Overrides(root.querySelector(".wb-reasons"), overrides);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button && !(event.detail > 1 && button.matches(".wb-verdict"))) act(button.dataset.act); // a second click is no second record
    });
    for (const button of this.form.querySelectorAll("[data-act]")) button.hidden = false;
    this.label();
  }

  /** Write the keys of the present preset on the buttons. */
  label() {
    writeKeys(this.form);
  }

  /** mine: this reviewer's verdict on the record, marked as pressed; undoable: is there a step back? */
  paint(mine, undoable) {
    for (const button of this.form.querySelectorAll(".wb-verdict")) {
      button.setAttribute("aria-pressed", String(button.dataset.act === mine));
    }
    this.form.querySelector('.wb-walk [data-act="undo"]').disabled = !undoable;
    this.close();
    this.reveal.hidden = true;
  }

  get picking() {
    return this.because.picking;
  }

  /** Whether a strip waits for a choice. */
  get asking() {
    return this.picking || this.otherwise.picking;
  }

  openReasons() {
    this.close();
    this.because.open();
  }

  /** Why otherwise than the AI? See Overrides.open. */
  openOverrides(asked) {
    this.close();
    this.otherwise.open(asked);
  }

  close() {
    this.because.close();
    this.otherwise.close();
  }

  digit(number) {
    return this.otherwise.picking ? this.otherwise.digit(number) : this.because.digit(number);
  }

  /** After the vote: the AI has spoken; keep or change. */
  showReveal(mine, suggestion) {
    const suggested = suggestion.proposed_verdict;
    const keep = el("button", { type: "button", className: "btn btn-primary", onclick: () => this.act("keep") }, `Keep ${mine}`, " ", el("kbd", {}, "Enter"));
    const change = mine === suggested ? null
      : el("button", { type: "button", className: "btn", onclick: () => this.act(suggested) }, `Change to ${suggested}`, " ", el("kbd", {}, cap(keyOf(suggested))));
    const band = [suggestion.band, suggestion.method].filter(Boolean).map(plain).join(" · ");
    this.reveal.replaceChildren(
      el("p", {}, el("span", { className: "ai-mark" }, icon("sparkles"), "AI"), mine === suggested ? "agrees:" : "suggests", verdict(suggested),
        band ? el("span", { className: "muted" }, band) : null),
      keep, ...(change ? [change] : []),
    );
    this.reveal.hidden = false;
  }
}
