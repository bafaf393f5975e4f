// The search bar: type, see how many, step through; pdf.js looks through the pages in its worker and marks them.
import { announce } from "../dom.js";

const WAIT_MS = 200;
const NOT_FOUND = 1;
const PENDING = 3;

export class Finding {
  /** root: the viewer's element; stage(): the Stage, once there is one. */
  constructor(root, stage) {
    Object.assign(this, { root, stage });
    this.bar = root.querySelector(".pv-find");
    this.input = this.bar.querySelector("input");
    this.count = this.bar.querySelector("output");
    this.opener = root.querySelector('[data-pv-act="search"]');
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), WAIT_MS);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.step(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** Listen to a stage that has just been made. */
  attach(bus) {
    bus.on("updatefindmatchescount", ({ matchesCount }) => this.tell(matchesCount));
    bus.on("updatefindcontrolstate", ({ state, matchesCount }) => state !== PENDING && this.tell(matchesCount, state));
  }

  open(text = null) {
    this.show(true);
    if (text !== null) this.input.value = text;
    this.input.focus();
    this.input.select();
    if (this.input.value) this.look();
  }

  close() {
    if (this.bar.hidden) return;
    clearTimeout(this.timer);
    const inside = this.bar.contains(document.activeElement);
    this.show(false);
    this.stage()?.bus.dispatch("findbarclose", { source: this });
    if (inside) this.opener.focus();
  }

  show(on) {
    this.bar.hidden = !on;
    this.opener.setAttribute("aria-expanded", String(on));
  }

  look() {
    if (!this.input.value) this.count.textContent = "";
    this.send("");
  }

  step(by) {
    clearTimeout(this.timer);
    this.send(this.input.value === this.sent ? "again" : "", by < 0);
  }

  send(type, findPrevious = false) {
    this.sent = this.input.value;
    this.stage()?.bus.dispatch("find", { source: this, type, query: this.sent, findPrevious, highlightAll: true, caseSensitive: false, entireWord: false, matchDiacritics: false });
  }

  tell({ current, total }, state = null) {
    if (!this.sent) return;
    const missing = !total && state === NOT_FOUND;
    const text = total ? `${current || 1} of ${total}` : missing ? "not found" : "…";
    if (this.count.textContent === text) return;
    this.count.textContent = text;
    this.bar.classList.toggle("is-missing", missing);
    if (state !== null) announce(missing ? `“${this.sent}” was not found in this document.` : `Match ${text}.`);
  }
}
