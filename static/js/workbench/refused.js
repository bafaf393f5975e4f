// The decisions that the server refused, with its reason: to be read, copied, downloaded, sent again, or thrown away.
import { el } from "../dom.js";
import { VERDICTS } from "./words.js";

const COLUMNS = ["record", "title", "stage", "verdict", "reason", "why it was not stored"];
const row = ({ payload, about, why }) => [payload.record, about?.title ?? "", payload.stage, payload.verdict, about?.reason ?? "", why];

/** As CSV; a cell that a spreadsheet would compute becomes text. */
export function csv(entries) {
  const cell = (value) => `"${String(value ?? "").replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  return [COLUMNS, ...entries.map(row)].map((cells) => cells.map(cell).join(",")).join("\r\n");
}

export class Refused {
  /** outbox: whose refused decisions; toast(text, options); changed(count) after each change. */
  constructor(outbox, { toast, changed }) {
    Object.assign(this, { outbox, toast, changed });
    outbox.addEventListener("refused", () => this.tell());
    outbox.addEventListener("stored", ({ detail: { entry } }) => entry.again && this.tell());
    this.tell();
  }

  get entries() {
    return this.outbox.refused.all();
  }

  tell() {
    this.changed(this.entries.length);
  }

  open() {
    this.dialog ??= document.body.appendChild(el("dialog", { className: "wb-dialog wb-refused", "aria-labelledby": "wb-refused-title" }));
    const text = csv(this.entries);
    const field = el("textarea", { className: "form-control", rows: 4, readOnly: true, value: text, "aria-label": "The same as CSV, to be copied" });
    this.dialog.replaceChildren(
      el("h2", { id: "wb-refused-title" }, "Decisions that were not stored"),
      el("p", { className: "wb-about" }, "They are kept in this browser until you send them again or throw them away."),
      el("ul", {}, ...this.entries.map((entry) => this.item(entry))), field,
      el("div", { className: "wb-dialog-actions" },
        this.button("Send again", () => this.again(), "btn btn-primary"), this.button("Copy", () => this.copy(field)),
        el("a", { className: "btn", download: "decisions-not-stored.csv", href: `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${text}`)}` }, "Download"),
        this.button("Throw away", () => this.discard()), this.button("Close", () => this.dialog.close())));
    if (!this.dialog.open) this.dialog.showModal();
  }

  item({ payload, about, why }) {
    return el("li", {}, el("b", { dir: "auto" }, about?.title || `Record ${payload.record}`), el("span", {}, [VERDICTS[payload.verdict]?.word ?? "Taken back", about?.reason].filter(Boolean).join(": ")), el("p", {}, why));
  }

  button(label, onclick, className = "btn") {
    return el("button", { type: "button", className, onclick }, label);
  }

  async copy(field) {
    field.select();
    const copied = navigator.clipboard ? await navigator.clipboard.writeText(field.value).then(() => true, () => false) : document.execCommand("copy");
    this.toast(copied ? "Copied." : "Press Ctrl and C: the text is selected.", { key: "copied", timeout: 3 });
  }

  /** The same keys again: what had been stored after all is not stored twice. */
  again() {
    for (const { status, why, tried, ...entry } of this.entries) {
      this.outbox.refused.remove(entry.key);
      const sent = { ...entry, again: true };
      sent.kept = this.outbox.store.put({ ...sent, kept: true });
      this.outbox.entries.push(sent);
    }
    this.dialog.close();
    this.tell();
    this.outbox.pump();
  }

  discard() {
    const thrown = this.entries;
    thrown.forEach((entry) => this.outbox.refused.remove(entry.key));
    this.dialog.close();
    this.tell();
    this.toast("Thrown away.", { action: { label: "Undo", run: () => (thrown.forEach((entry) => this.outbox.refused.put(entry)), this.tell()) } });
  }
}
