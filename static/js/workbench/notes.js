// The dialog behind "C": a note on the record in front of the reviewer. Saved in the background; what could not be saved
// is kept and comes back by a click.
import { announce, el, icon, prefs } from "../dom.js";
import { call } from "./api.js";
import { clip, quoted } from "./words.js";
import { uuid } from "./uuid.js";

export class Notes {
  /** url(id) is the address of a record's notes; changed(record) is called when its number of notes may differ. */
  constructor({ url, changed, toast }) {
    Object.assign(this, { url, changed, toast, drafts: new Map(), unsaved: new Set() });
    window.addEventListener("beforeunload", (event) => this.unsaved.size && event.preventDefault());
    this.dialog = document.getElementById("wb-note");
    this.text = this.dialog.querySelector("textarea");
    this.list = this.dialog.querySelector("[data-notes]");
    this.dialog.querySelector("[data-save]").addEventListener("click", () => this.save());
    this.dialog.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
    this.dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.record && this.drafts.set(this.record.id, this.text.value));
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      this.save();
    });
  }

  open(record) {
    this.record = record;
    this.dialog.querySelector("[data-about]").textContent = clip(record.title || "Untitled record", 120);
    this.text.value = this.drafts.get(record.id) ?? "";
    this.choose(prefs.get("note-private", "yes"));
    this.paint([]);
    this.dialog.showModal();
    this.text.focus();
    if (record.notes) this.fetch(record);
  }

  choose(value) {
    for (const input of this.dialog.querySelectorAll('[name="note-private"]')) input.checked = input.value === value;
  }

  async fetch(record) {
    try {
      const { notes } = await call(this.url(record.id));
      if (this.record === record) this.paint(notes);
    } catch (problem) {
      if (this.record === record) this.paint([{ author: "", text: `Earlier notes could not be fetched: ${problem.message}` }]);
    }
  }

  paint(notes) {
    this.list.hidden = !notes.length;
    this.list.replaceChildren(...notes.map((note) => el("li", {},
      note.author ? el("b", {}, note.mine ? "You" : note.author, note.private ? icon("lock", "private") : null) : null,
      el("p", { dir: "auto" }, note.text ?? "wrote a private note"))));
  }

  save() {
    const text = this.text.value.trim();
    if (!text) return this.text.focus();
    const chosen = this.dialog.querySelector('[name="note-private"]:checked').value;
    prefs.set("note-private", chosen);
    const { record } = this;
    this.text.value = "";
    this.dialog.close();
    this.send(record, { text, private: chosen === "yes", idempotency_key: uuid() });
  }

  async send(record, body) {
    record.notes = (record.notes ?? 0) + 1;
    this.changed(record);
    this.unsaved.add(body);
    try {
      await call(this.url(record.id), { method: "POST", body });
      this.unsaved.delete(body);
      announce("The note is saved.");
    } catch (problem) {
      record.notes -= 1;
      this.changed(record);
      const again = problem.passing ? { label: "Save again", run: () => this.send(record, body) } : { label: "Open it", run: () => this.reopen(record, body) };
      this.toast(`The note on ${quoted(record.title ?? "", 60)} is not saved: ${problem.message} Its text is kept here.`, { error: true, timeout: 0, action: again });
    }
  }

  reopen(record, body) {
    this.unsaved.delete(body);
    this.drafts.set(record.id, body.text);
    this.open(record);
  }
}
