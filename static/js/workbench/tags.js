// The picker behind "T": type to find a tag or make one, Enter puts it on the record or takes it off. Painted at once,
// stored in the background; what the server refuses is taken back with its reason.
import { announce, el, icon } from "../dom.js";
import { call } from "./api.js";
import { clip, quoted } from "./words.js";

const same = (a, b) => a.toLowerCase() === b.toLowerCase();
const byName = (a, b) => a.name.localeCompare(b.name);

export class Tags {
  /** all: [{id, name}] of the review; url(id) is the address of a record's tags; changed(record) repaints its chips. */
  constructor({ all, url, changed, toast }) {
    Object.assign(this, { all, url, changed, toast, at: 0, queues: new Map() });
    this.dialog = document.getElementById("wb-tag");
    this.input = this.dialog.querySelector("input");
    this.list = this.dialog.querySelector("ul");
    this.input.addEventListener("input", () => this.paint(0));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.toggle([...this.list.children].indexOf(row));
    });
    this.dialog.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  open(record) {
    this.record = record;
    this.dialog.querySelector("[data-about]").textContent = clip(record.title || "Untitled record", 120);
    this.input.value = "";
    this.paint(0);
    this.dialog.showModal();
    this.input.focus();
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    if (event.repeat && !step) return;
    if (step) this.paint((this.at + step + this.rows.length) % (this.rows.length || 1));
    else this.toggle(this.at);
  }

  /** What is offered: tags that begin with what was typed, then those that contain it; at last, to make one of that name. */
  offered() {
    const words = this.input.value.trim().replace(/\s+/g, " ");
    const typed = words.toLowerCase();
    const rank = (tag) => (same(tag.name, words) ? 0 : typed && tag.name.toLowerCase().startsWith(typed) ? 1 : this.has(tag) ? 2 : 3);
    const rows = this.all.filter((tag) => tag.name.toLowerCase().includes(typed)).sort((a, b) => rank(a) - rank(b) || byName(a, b)).slice(0, 50);
    return words && !this.all.some((tag) => same(tag.name, words)) ? [...rows, { name: words, fresh: true }] : rows;
  }

  has(tag) {
    return (this.record.tags ?? []).some((one) => same(one.name, tag.name));
  }

  paint(at) {
    this.rows = this.offered();
    this.at = Math.max(0, Math.min(at, this.rows.length - 1));
    this.list.replaceChildren(...this.rows.map((tag, index) => el("li", { id: `wb-tag-${index}`, role: "option", "aria-selected": String(this.has(tag)), className: index === this.at ? "is-at" : "" },
      icon(tag.fresh ? "plus" : this.has(tag) ? "check" : "tag"), tag.fresh ? `Make ${quoted(tag.name)}` : el("bdi", {}, tag.name))));
    this.list.hidden = !this.rows.length;
    if (this.rows.length) this.input.setAttribute("aria-activedescendant", `wb-tag-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  toggle(index) {
    const tag = this.rows[index];
    if (!tag) return;
    const { record } = this;
    const before = record.tags ?? [];
    const on = !this.has(tag);
    record.tags = on ? [...before, { id: tag.id, name: tag.name, mine: true }].sort(byName) : before.filter((one) => !same(one.name, tag.name));
    if (tag.fresh) this.all.push({ name: tag.name });
    this.input.value = "";
    this.changed(record);
    this.paint(0);
    announce(on ? `Tagged ${tag.name}.` : `Tag ${tag.name} taken off.`);
    const key = `${record.id} ${tag.name.toLowerCase()}`; // on and off of one tag stay in order; others leave at once
    this.queues.set(key, (this.queues.get(key) ?? Promise.resolve()).then(() => this.store(record, tag.name, on)));
  }

  async store(record, name, on) {
    try {
      const known = this.all.find((tag) => same(tag.name, name));
      if (!on && !known?.id) return; // it never came to be
      const reply = on ? await call(this.url(record.id), { method: "POST", body: { name } })
        : await call(`${this.url(record.id)}${known.id}/`, { method: "DELETE", body: {} });
      this.all = [...reply.all, ...this.all.filter((tag) => !tag.id && !reply.all.some((one) => same(one.name, tag.name)))];
    } catch (problem) {
      const others = (record.tags ?? []).filter((one) => !same(one.name, name));
      record.tags = on ? others : [...others, { name, mine: true }].sort(byName);
      if (on) this.all = this.all.filter((tag) => tag.id || !same(tag.name, name));
      this.toast(`The tag ${quoted(name)} was not ${on ? "put on" : "taken off"}: ${problem.message}`, { error: true });
      this.changed(record);
    }
    if (this.dialog.open && this.record === record) this.paint(this.at);
  }
}
