// Why somebody decides otherwise than the AI that they had seen: the strip of reasons, and the digits 1-7 (AI-11).
import { announce, el } from "../dom.js";
import { verdict } from "./words.js";

export class Overrides {
  /** choices: [{code, text, number}]. The strip is the one that reasons for exclusion open in: one of them is asked at a time. */
  constructor(strip, choices) {
    Object.assign(this, { strip, choices, then: null });
  }

  get picking() {
    return Boolean(this.then);
  }

  /** said: the person's verdict; suggested: the AI's; then(code) hears the choice. */
  open({ said, suggested, then }) {
    this.then = then;
    const choices = this.choices.map((choice) => el("button", { type: "button", className: "wb-reason is-override", onclick: (event) => event.detail > 1 || this.choose(choice) }, el("kbd", {}, String(choice.number)), choice.text));
    const back = el("button", { type: "button", className: "wb-reason is-back", onclick: () => this.close() }, el("kbd", {}, "Esc"), "back");
    this.strip.setAttribute("aria-label", "Why you decide otherwise than the AI");
    this.strip.replaceChildren(el("p", {}, verdict(said), " although the AI suggests ", verdict(suggested), " — why?"), ...choices, back);
    this.strip.hidden = false;
    announce(`You decide otherwise than the AI. Say why: ${this.choices.map(({ number, text }) => `${number} ${text}`).join(", ")}.`);
  }

  choose({ code }) {
    const { then } = this;
    this.close();
    then(code);
  }

  close() {
    this.then = null;
    this.strip.hidden = true;
  }

  /** The choice of a digit, while the strip is open; true when there was one. */
  digit(number) {
    const choice = this.picking && this.choices.find((one) => one.number === number);
    if (choice) this.choose(choice);
    return Boolean(choice);
  }
}
