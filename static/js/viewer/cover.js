// What stands over the pages while there are none: loading, no document, or what went wrong; and the caution above them.
import { announce, el, icon } from "../dom.js";

const PASSING_MS = 10_000;
const SLOW_MS = 300; // a document from the cache is there sooner; no flicker for that

export class Cover {
  /** root: the viewer's element; again() tries once more. */
  constructor(root, again) {
    this.root = root;
    this.again = again;
    this.box = root.querySelector(".pv-cover");
    this.note = root.querySelector(".pv-note");
  }

  hide() {
    clearTimeout(this.timer);
    this.box.hidden = true;
  }

  show(...nodes) {
    clearTimeout(this.timer);
    this.box.replaceChildren(...nodes);
    this.box.hidden = false;
  }

  loading(name) {
    clearTimeout(this.timer);
    const bar = el("progress", { className: "pv-progress", "aria-label": "Fetched", hidden: true });
    this.bar = bar;
    const parts = [el("p", {}, el("span", { className: "pv-turn", "aria-hidden": "true" }), name ? `Opening ${name}…` : "Opening the document…"), bar];
    this.box.hidden = true;
    this.timer = setTimeout(() => this.show(...parts), SLOW_MS);
  }

  progress(loaded, total) {
    if (!this.bar || !total) return;
    Object.assign(this.bar, { hidden: false, max: total, value: Math.min(loaded, total) });
  }

  empty(text) {
    this.show(icon("file-off"), el("p", {}, text || "There is no document to show."));
  }

  /** problem as problems.explain gives it. */
  failed({ title, text, again }, url) {
    const retry = again ? el("button", { type: "button", className: "btn btn-primary", onclick: this.again }, icon("refresh"), "Try again") : null;
    const file = el("a", { className: "btn", href: url, target: "_blank", rel: "noopener" }, icon("external-link"), "Open the file itself");
    this.show(icon("file-alert"), el("h2", {}, title), el("p", {}, text), el("div", { className: "pv-ways" }, retry, file));
    announce(`${title}. ${text}`);
  }

  /** For a while, in place of the caution: why something that was asked for could not be done. */
  passing(text) {
    announce(text);
    this.write(text);
    clearTimeout(this.passingTimer);
    this.passingTimer = setTimeout(() => this.write(this.standing), PASSING_MS);
  }

  caution(text) {
    clearTimeout(this.passingTimer);
    this.standing = text;
    this.write(text);
  }

  write(text) {
    this.note.replaceChildren(...(text ? [icon("alert-triangle"), el("span", {}, text)] : []));
    this.note.hidden = !text;
  }
}
