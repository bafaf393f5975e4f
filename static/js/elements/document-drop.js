// <document-drop>: PDFs or whole folders, dropped anywhere on the page or chosen, go up one by one, so that one that is
// refused stops no other. Without scripts the form inside sends them all at once. data-most: bytes; data-refresh: what
// to ask for again when all are up.
import { announce, el } from "../dom.js";

const isPdf = (file) => file.type === "application/pdf" || /\.pdf$/i.test(file.name);
const megabytes = (bytes) => Math.floor(bytes / 2 ** 20);

class DocumentDrop extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.progress = this.querySelector(".documents-progress");
    this.refused = this.querySelector(".documents-refused");
    this.input = this.form.querySelector('input[name="files"]');
    this.folder = this.form.querySelector("input[webkitdirectory]");
    this.stop = new AbortController();
    const listen = (target, name, act) => target.addEventListener(name, act, { signal: this.stop.signal });
    listen(document, "dragover", (event) => this.over(event));
    listen(document, "dragleave", (event) => event.relatedTarget || this.classList.remove("is-over"));
    listen(document, "drop", (event) => this.drop(event));
    listen(this.folder, "change", () => this.send([...this.folder.files].filter(isPdf)));
    listen(this.form, "submit", (event) => this.submit(event));
    const whole = this.folder.closest("[hidden]");
    if (whole && "webkitdirectory" in this.folder) {
      whole.hidden = false;
      this.folder.tabIndex = 0;
    }
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.add("is-over");
  }

  async drop(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.remove("is-over");
    // entries must be taken before the first await: afterwards the browser has emptied the list
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const loose = entries.length ? [] : [...event.dataTransfer.files];
    const found = (await Promise.all(entries.map(filesOf))).flat();
    const single = entries.length === 1 && entries[0].isFile;
    this.send(single ? found : [...found.filter(isPdf), ...loose]);
  }

  submit(event) {
    if (!this.input.files.length) return;
    event.preventDefault();
    this.send([...this.input.files]);
  }

  /** Several at once may be on their way from several drops: they wait for one another. */
  send(files) {
    if (!files.length) return this.say("There is no PDF among these files.");
    this.refused.replaceChildren();
    this.queue = (this.queue ?? Promise.resolve()).then(() => this.sendAll(files));
  }

  async sendAll(files) {
    let taken = 0;
    const bar = el("progress", { max: files.length, value: 0, "aria-label": "Uploading" });
    const text = el("span", {});
    this.progress.replaceChildren(text, bar);
    this.progress.hidden = false;
    for (const [place, file] of files.entries()) {
      text.textContent = `Uploading ${place + 1} of ${files.length}: ${file.name}`;
      taken += await this.sendOne(file);
      bar.value = place + 1;
    }
    text.textContent = `${taken} of ${files.length} ${files.length === 1 ? "file" : "files"} uploaded.`;
    bar.remove();
    announce(text.textContent);
    this.form.reset();
    window.htmx?.trigger(this.dataset.refresh, "refresh");
  }

  async sendOne(file) {
    if (file.size > Number(this.dataset.most)) {
      return this.say(`“${file.name}” is larger than ${megabytes(this.dataset.most)} MB. Nothing of it was sent. Save a copy with smaller pictures, and upload that.`);
    }
    const body = new FormData();
    for (const field of this.form.querySelectorAll("input[type=hidden]")) body.append(field.name, field.value);
    body.append("files", file);
    try {
      const reply = await fetch(this.form.action || location.href, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!reply.ok) throw new Error(String(reply.status));
      const said = await reply.json();
      for (const one of said.refused) this.say(one.text, one.url, one.label);
      return said.taken.length;
    } catch {
      return this.say(`“${file.name}” could not be sent: the server did not answer. Nothing of it was kept; try it again.`);
    }
  }

  say(text, url = "", label = "") {
    const link = url ? [" ", el("a", { href: url }, label)] : [];
    this.refused.append(el("div", { className: "callout is-exclude" }, el("p", {}, text, ...link)));
    return 0;
  }
}

/** All files in an entry of a drop, folders within folders included. */
async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const inside = [];
  for (let some; (some = await new Promise((done, failed) => reader.readEntries(done, failed))).length; ) inside.push(...some);
  return (await Promise.all(inside.map(filesOf))).flat();
}

customElements.define("document-drop", DocumentDrop);
