// Which marks a person wants to see: layers one by one, how dense, in which style; and the legend beside the text, whose
// samples are its switches.
import { announce, el } from "../dom.js";
import { prepared } from "./highlight.js";
import { own } from "./own.js";

const NAMES = { words: "Words", pico: "PICO", search: "Search", quotes: "Quotes" };
const LAYERS = Object.keys(NAMES);
const DENSITIES = [["all", "every time"], ["first", "first time"], ["none", "none"]];
export const STYLES = ["colour", "lines", "heavy"];
const FACETS = { P: "Population", I: "Intervention", C: "Comparator", O: "Outcome", S: "Study design" };

export class Marks {
  /** lists: the review's lists as the page carries them; changed(): the text is to be marked anew; quotes: are there any? */
  constructor(root, lists, changed, { quotes = true } = {}) {
    Object.assign(this, { root, changed, lists: prepared(lists), version: 0 });
    this.layers = [...new Set(this.lists.map((list) => list.layer)), ...(quotes ? ["quotes"] : [])];
    const kept = own.get("mark-layers");
    this.on = new Set(kept === null ? LAYERS : kept.split(" "));
    this.density = DENSITIES.some(([name]) => name === own.get("mark-density")) ? own.get("mark-density") : "all";
    this.strip = root.querySelector(".wb-layers");
    this.strip?.addEventListener("click", (event) => this.click(event.target.closest("button")));
    root.dataset.pico = this.layers.includes("pico") ? "yes" : "no";
    this.style();
    this.paint();
  }

  /** As highlight.spans takes them, for one record: `first` lasts from its title to its abstract. */
  wanted() {
    const lists = this.density === "none" ? [] : this.lists.filter((list) => this.on.has(list.layer));
    return { lists, first: this.density === "first" ? new Set() : null, withQuotes: this.density !== "none" && this.on.has("quotes") };
  }

  /** Everything, then each layer alone, then nothing. */
  cycle() {
    const stops = [this.layers, ...(this.layers.length > 1 ? this.layers.map((layer) => [layer]) : []), []];
    const here = this.density === "none" ? [] : this.layers.filter((layer) => this.on.has(layer));
    const at = stops.findIndex((stop) => stop.join() === here.join());
    if (this.density === "none") this.density = "all";
    this.set(stops[(at + 1) % stops.length]);
  }

  click(button) {
    if (!button) return;
    const { layer } = button.dataset;
    if (layer) return this.set(this.layers.filter((one) => this.on.has(one) !== (one === layer)));
    const at = DENSITIES.findIndex(([name]) => name === this.density);
    this.density = DENSITIES[(at + 1) % DENSITIES.length][0];
    this.set([...this.on]);
  }

  set(layers) {
    const others = [...this.on].filter((layer) => !this.layers.includes(layer)); // of another page or review: left as they are
    this.on = new Set([...layers, ...others]);
    own.set("mark-layers", [...this.on].join(" "));
    own.set("mark-density", this.density);
    this.version += 1;
    this.paint();
    this.changed();
    announce(`${this.name}.`);
  }

  /** How marks look: colour and line, lines alone, heavy lines. */
  style(choice = own.get("mark-style", STYLES[0])) {
    own.set("mark-style", choice);
    this.root.dataset.markStyle = choice;
  }

  get name() {
    const here = this.layers.filter((layer) => this.on.has(layer));
    if (!here.length || this.density === "none") return "No marks";
    if (here.length === this.layers.length) return "All marks";
    return here.length === 1 ? `${NAMES[here[0]]} only` : here.map((layer) => NAMES[layer]).join(" and ");
  }

  paint() {
    this.root.querySelector("[data-highlight-mode]").textContent = this.name;
    if (!this.strip) return;
    this.strip.hidden = !this.lists.length;
    const chips = this.layers.map((layer) => el("button", { type: "button", "data-layer": layer, "aria-pressed": String(this.on.has(layer)) }, ...this.samples(layer)));
    const density = DENSITIES.find(([name]) => name === this.density)[1];
    chips.push(el("button", { type: "button", "data-density": this.density, title: "How often a word is marked" }, `Marked: ${density}`));
    const focused = [...this.strip.children].indexOf(document.activeElement);
    this.strip.replaceChildren(...chips);
    this.strip.children[focused]?.focus();
  }

  samples(layer) {
    if (layer === "quotes") return [el("mark", { className: "hl hl-quote" }, "AI’s quotes")];
    if (layer === "search") return [el("mark", { className: "hl hl-search" }, "search")];
    const there = this.lists.filter((list) => list.layer === layer);
    if (layer === "words") return there.flatMap(({ kind }, index) => [index ? " " : "", el("mark", { className: `hl hl-${kind}` }, kind === "include" ? "for" : "against")]);
    const facets = there.map(({ facet }) => facet);
    return [el("mark", { className: "hl hl-pico", title: facets.map((facet) => `${facet}: ${FACETS[facet] ?? facet}`).join(", ") }, facets.join(" "))];
  }
}
