// The record on the card: title, who and where, abstract with its marks, and the small print.
import { el, icon } from "../dom.js";
import { render, spans } from "./highlight.js";
import { cap, keyOf } from "./keys.js";
import { related, told } from "./related.js";

const joined = (value) => (Array.isArray(value) ? value.join(", ") : (value ?? ""));
const TOOLS = [["tag", "tag", "Tag"], ["note", "message", "Note"], ["duplicate", "copy", "Duplicate"]];
const MISSING = "This record came without an abstract.";

export class Card {
  /** act(name) runs an action; tools: [action, icon, word] of the buttons under the text. */
  constructor(root, act, tools = TOOLS) {
    Object.assign(this, { act, tools });
    this.root = root.querySelector(".wb-card");
    this.title = root.querySelector(".wb-title");
    this.meta = root.querySelector(".wb-meta");
    this.notices = root.querySelector(".wb-notices");
    this.abstract = root.querySelector(".wb-abstract");
    this.row = root.querySelector(".wb-marks-row");
    this.foot = root.querySelector(".wb-foot");
    this.scrolled = false;
    this.scrollers = [this.root, root.querySelector(".wb-body")]; // on a phone the card scrolls with the criteria below it
    for (const one of this.scrollers) one.addEventListener("scroll", () => (this.scrolled = true), { passive: true });
  }

  /** made: the parts of a record as `prepare` makes them, in one go; no measure is read between two changes. */
  paint(record, made, { keepPlace = false } = {}) {
    this.title.replaceChildren(...made.title);
    this.meta.textContent = made.meta;
    if (made.notices.length || this.notices.childElementCount) this.notices.replaceChildren(...made.notices);
    this.abstract.classList.toggle("is-missing", !record.abstract);
    this.abstract.replaceChildren(...made.abstract);
    this.foot.replaceChildren(...made.foot);
    this.marks(record);
    if (!keepPlace && this.scrolled) for (const one of this.scrollers) one.scrollTop = 0; // where it is 0, that would cost a layout
    if (!keepPlace) this.scrolled = false;
  }

  /** What people put on the record, and the buttons to put more there: made once, since icons are dear to make anew. */
  marks(record) {
    if (!this.tools.length) return;
    this.does ??= this.tools.map((one) => this.button(...one));
    const chips = (record.tags ?? []).map((tag) => el("span", { className: "tag" }, icon("tag", "Tag"), el("bdi", {}, tag.name)));
    for (const { name, button, word, key } of this.does) {
      const text = name === "note" && record.notes ? `Note (${record.notes})` : null;
      write(word, text ?? word.dataset.word);
      write(key, cap(keyOf(name)));
      if (button.getAttribute("aria-keyshortcuts") !== key.textContent) button.setAttribute("aria-keyshortcuts", key.textContent);
    }
    if (chips.length || this.row.childElementCount !== this.does.length) this.row.replaceChildren(...chips, ...this.does.map(({ button }) => button));
    this.row.hidden = false;
  }

  button(name, image, text) {
    const word = el("span", { "data-word": text }, text);
    const key = el("kbd");
    return { name, word, key, button: el("button", { type: "button", className: "icon-button", "data-act": name, onclick: () => this.act(name) }, icon(image), word, key) };
  }

  /** Light up a quote; move: scroll to it as well. Null puts all lights out. */
  light(key, { move = false } = {}) {
    for (const mark of this.root.querySelectorAll("mark.is-lit")) mark.classList.remove("is-lit");
    if (!key) return;
    const marks = [...this.root.querySelectorAll(`mark[data-quotes~="${CSS.escape(key)}"]`)];
    marks.forEach((mark) => mark.classList.add("is-lit"));
    if (move) marks[0]?.scrollIntoView({ block: "center", behavior: "smooth" });
  }
}

/** Every node of a record's card, outside of the page. wanted: as Marks.wanted(); quotes carry the field they stand in. */
export function prepare(record, { lists, first, quotes, recordPage }) {
  const of = (field) => quotes.filter((quote) => quote.field === field);
  const title = record.title || "Untitled record";
  const text = record.abstract || MISSING;
  return {
    title: render(title, spans(title, { lists, first, quotes: of("title") })),
    meta: [shortened(joined(record.authors)), record.year, record.journal].filter(Boolean).join(" · "),
    abstract: render(text, spans(text, { lists: record.abstract ? lists : [], first, quotes: of("abstract"), labels: true })),
    notices: told(record, recordPage),
    foot: foot(record, recordPage),
  };
}

/** Text that stays the same costs nothing. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function shortened(authors) {
  return authors.length > 140 ? `${authors.slice(0, 130).replace(/[,;]?[^,;]*$/, "")} et al.` : authors;
}

function foot(record, recordPage) {
  const parts = [related(record, recordPage)].filter(Boolean);
  const keywords = joined(record.keywords);
  if (keywords) parts.push(el("p", {}, el("b", {}, "Keywords "), el("bdi", {}, keywords)));
  const facts = [];
  if (record.doi) facts.push(link(`https://doi.org/${encodeURIComponent(record.doi).replaceAll("%2F", "/")}`, record.doi));
  else if (/^https?:\/\//.test(record.url ?? "")) facts.push(link(record.url, "Open at its source"));
  for (const source of record.sources ?? []) facts.push(el("span", { className: "tag", title: "Source" }, source));
  if (record.invented) facts.push(el("span", { className: "tag is-maybe" }, "Invented record"));
  if (facts.length) parts.push(el("p", { className: "facts" }, ...facts));
  return parts;
}

function link(href, text) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text, el("span", { "aria-hidden": "true" }, " ↗"), el("span", { className: "visually-hidden" }, " opens in a new tab"));
}
