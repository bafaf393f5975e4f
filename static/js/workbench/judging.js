// What a person says of each criterion: three radio buttons beside it, pressed again to take it back, and Shift with 1–9.
// Without scripts the same buttons belong to the plain form.
import { announce } from "../dom.js";

const ROUND = ["", "met", "not_met", "unclear"];

export class Judging {
  /** criteria: [{id, label, polarity}]; changed(judged) hears {criterion id: met | not_met | unclear} after each press. */
  constructor(root, { criteria, changed }) {
    Object.assign(this, { criteria, changed, judged: {} });
    this.side = root.querySelector(".wb-criteria");
    this.inputs = [...this.side.querySelectorAll("[data-judge] input")];
    this.side.addEventListener("click", (event) => this.click(event));
    this.side.addEventListener("change", (event) => event.target.matches("[data-judge] input") && this.set(event.target.name, event.target.value));
  }

  /** Show what was said of the record that is now in front. */
  paint(judged = {}) {
    if (this.judged === judged) return;
    this.judged = judged;
    this.show();
  }

  /** A press on what is pressed already takes it back. */
  click(event) {
    const input = event.target.closest("label")?.querySelector("input") ?? event.target;
    if (!input.matches?.("[data-judge] input") || this.judged[idOf(input.name)] !== input.value) return;
    event.preventDefault();
    this.set(input.name, ""); // a key may follow at once
    setTimeout(() => this.show()); // the browser puts the press back after this
  }

  show() {
    for (const input of this.inputs) input.checked = this.judged[idOf(input.name)] === input.value;
  }

  /** Criterion number n, counted from 1, says the next of: met, not met, unclear, nothing. */
  cycle(number) {
    const criterion = this.criteria[number - 1];
    if (!criterion) return false;
    const at = ROUND.indexOf(this.judged[criterion.id] ?? "");
    this.set(`judgement-${criterion.id}`, ROUND[(at + 1) % ROUND.length]);
    return true;
  }

  set(name, value) {
    const id = idOf(name);
    const { [id]: _, ...others } = this.judged;
    this.judged = value ? { ...others, [id]: value } : others;
    this.show();
    const criterion = this.criteria.find((one) => String(one.id) === id);
    const said = this.inputs.find((input) => input.name === name && input.value === value)?.parentElement.textContent.trim();
    announce(`${criterion?.label ?? "Criterion"}: ${said || "not judged"}.`);
    this.changed(this.judged);
  }

  /** Whether somebody said of any criterion that it speaks against the record. */
  get failed() {
    return this.criteria.some(({ id, polarity }) => this.judged[id] === (polarity === "exclude" ? "met" : "not_met"));
  }
}

const idOf = (name) => name.replace("judgement-", "");
