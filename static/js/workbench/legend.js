// The dialog behind "?": what the keys do and giving them anew, how the text looks, and the choices kept in this browser.
import { announce, el } from "../dom.js";
import { ACTIONS, bind, bindings, cap, changed as anyChanged, choosePreset, digitOf, named, preset } from "./keys.js";
import { own } from "./own.js";
import { size, width } from "./text-look.js";

export const revealChoice = () => own.get("reveal", "always");

export class Legend {
  /** changed() is called after any choice; marks: the Marks, whose style is chosen here; elsewhere: {action: where it is
   *  used}, for those that this page doesn't have. */
  constructor(changed, marks, { elsewhere = {} } = {}) {
    Object.assign(this, { changed, marks, elsewhere, waiting: null });
    this.dialog = document.getElementById("wb-legend");
    this.keys = this.dialog.querySelector(".wb-keys");
    this.said = this.dialog.querySelector("[data-key-said]");
    this.dialog.addEventListener("change", (event) => this.choose(event.target));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.wait(null));
    this.keys.addEventListener("click", (event) => this.wait(event.target.closest("[data-action]")?.dataset.action ?? null));
    this.dialog.addEventListener("keydown", (event) => this.waiting && this.take(event), { capture: true });
    this.dialog.querySelector("[data-reset]").addEventListener("click", () => this.reset());
    for (const button of this.dialog.querySelectorAll("[data-size]")) button.addEventListener("click", () => size.step(Number(button.dataset.size)));
  }

  open() {
    this.say("");
    this.paint();
    this.dialog.showModal();
  }

  choose({ name, value }) {
    if (name === "keys") choosePreset(value);
    else if (name === "mark-style") this.marks.style(value);
    else if (name === "text-width") width.set(value);
    else own.set(name, value);
    this.paint();
    this.changed();
  }

  /** Wait for the key that an action is to have; null: wait no more. */
  wait(action) {
    this.waiting = action;
    if (action) this.say(`Press the key for “${ACTIONS.find(([name]) => name === action)[1]}”. Esc leaves it as it is.`);
    if (this.dialog.open) this.paint();
  }

  take(event) {
    if (["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead"].includes(event.key) || event.repeat) return;
    if (event.key === "Tab") return this.wait(null);
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return this.wait(null), this.say("");
    const key = digitOf(event) ? String(digitOf(event)) : named(event);
    if (!key) return this.say("Keys with Ctrl, Alt or Shift stay the browser’s. Choose a key on its own.");
    const action = this.waiting;
    const why = bind(action, key);
    if (why) return this.say(why);
    this.wait(null);
    this.say(`${cap(key)}: ${ACTIONS.find(([name]) => name === action)[1]}.`);
    this.changed();
  }

  reset() {
    choosePreset(preset());
    this.wait(null);
    this.say("The keys are as in the preset again.");
    this.paint();
    this.changed();
  }

  say(text) {
    this.said.textContent = text;
    if (text) announce(text);
  }

  paint() {
    const focused = document.activeElement?.dataset?.action;
    const map = bindings();
    this.keys.replaceChildren(...ACTIONS.map(([action, text]) => el("div", {}, el("dt", {}, this.cell(action, text, map[action])), el("dd", {}, text, this.elsewhere[action] ? el("small", { className: "muted" }, ` ${this.elsewhere[action]}`) : null))));
    if (focused) this.keys.querySelector(`[data-action="${focused}"]`)?.focus();
    this.dialog.querySelector("[data-reset]").hidden = !anyChanged();
    this.check("keys", preset());
    this.check("reveal", revealChoice());
    this.check("mark-style", this.marks.root.dataset.markStyle);
    this.check("text-width", width.now);
  }

  cell(action, text, key) {
    const waits = this.waiting === action;
    return el("button", { type: "button", className: "wb-key", "data-action": action, "aria-label": `${text}: ${waits ? "waiting for a key" : cap(key)}. Change the key`, "aria-pressed": String(waits) },
      el("kbd", {}, waits ? "…" : cap(key)));
  }

  check(name, value) {
    for (const input of this.dialog.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === value;
  }
}
