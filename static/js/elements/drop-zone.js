// <drop-zone>: files dropped anywhere on the page go into its file field; the field itself keeps working alone.
import { el } from "../dom.js";

const size = (bytes) => (bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`);

class DropZone extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    if (!this.input) return;
    this.stop = new AbortController();
    const listen = (target, name, act) => target.addEventListener(name, act, { signal: this.stop.signal });
    listen(document, "dragover", (event) => this.over(event));
    listen(document, "dragleave", (event) => event.relatedTarget || this.classList.remove("is-over"));
    listen(document, "drop", (event) => this.drop(event));
    listen(this.input, "change", () => this.list());
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.add("is-over");
  }

  drop(event) {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.classList.remove("is-over");
    const kept = new DataTransfer();
    const files = this.input.multiple ? [...event.dataTransfer.files] : [event.dataTransfer.files[0]];
    for (const file of files) kept.items.add(file);
    this.input.files = kept.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  list() {
    const items = [...this.input.files].map((file) => el("li", {}, `${file.name} · ${size(file.size)}`));
    this.querySelector("ul")?.replaceChildren(...items);
  }
}

customElements.define("drop-zone", DropZone);
