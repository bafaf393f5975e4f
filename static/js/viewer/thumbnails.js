// The folded panel of small pages: each drawn when it is scrolled to, one after the other, and never before it is opened.
import { el, prefs } from "../dom.js";

const WIDTH = 104;

export class Thumbnails {
  /** root: the viewer's element; go(page) shows a page. */
  constructor(root, go) {
    this.panel = root.querySelector(".pv-thumbs");
    this.opener = root.querySelector('[data-pv-act="thumbnails"]');
    this.list = this.panel.querySelector("ol");
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      go(Number(button.dataset.page));
      if (getComputedStyle(this.panel).position === "absolute") this.show(false); // it lay over the page
    });
    this.seen = new IntersectionObserver((entries) => {
      for (const entry of entries) this.wish(Number(entry.target.dataset.page), entry.isIntersecting);
    }, { root: this.panel, rootMargin: "200px" });
    this.show(prefs.get("pdf-thumbnails") === "open" && matchMedia("(min-width: 62rem)").matches);
  }

  toggle() {
    this.show(this.panel.hidden);
    prefs.set("pdf-thumbnails", this.panel.hidden ? "folded" : "open");
  }

  show(on) {
    this.panel.hidden = !on;
    this.opener.setAttribute("aria-expanded", String(on));
    if (on) this.fill();
  }

  /** Another document, or none. */
  open(pdf) {
    this.pdf = pdf;
    this.wishes = new Set();
    this.seen.disconnect();
    this.list.replaceChildren();
    if (!this.panel.hidden) this.fill();
  }

  fill() {
    if (!this.pdf || this.list.children.length) return;
    const rows = Array.from({ length: this.pdf.numPages }, (_, i) => el("li", {},
      el("button", { type: "button", className: "pv-thumb", "data-page": String(i + 1), "aria-label": `Page ${i + 1}` }, el("canvas", { width: 3, height: 4, "aria-hidden": "true" }), el("span", {}, String(i + 1)))));
    this.list.replaceChildren(...rows);
    for (const row of rows) this.seen.observe(row.firstChild);
    this.mark(this.at ?? 1);
  }

  /** The page that is in front. */
  mark(page) {
    this.at = page;
    if (this.panel.hidden) return;
    this.list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const button = this.list.children[page - 1]?.firstChild;
    button?.setAttribute("aria-current", "page");
    button?.scrollIntoView({ block: "nearest" });
  }

  wish(page, wanted) {
    if (!wanted) this.wishes.delete(page);
    else if (!this.button(page).dataset.drawn) this.wishes.add(page);
    if (!this.busy) this.work();
  }

  button(page) {
    return this.list.children[page - 1].firstChild;
  }

  async work() {
    this.busy = true;
    while (this.wishes.size) {
      const [page] = this.wishes;
      this.wishes.delete(page);
      const { pdf } = this;
      await this.draw(pdf, page).catch(() => {}); // a page that can't be drawn stays a white sheet, as in the viewer
      await new Promise((rest) => setTimeout(rest));
    }
    this.busy = false;
  }

  async draw(pdf, number) {
    const page = await pdf.getPage(number);
    const full = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: (WIDTH * Math.min(devicePixelRatio, 2)) / full.width });
    if (pdf !== this.pdf || this.panel.hidden) return;
    const canvas = el("canvas", { width: Math.round(viewport.width), height: Math.round(viewport.height), "aria-hidden": "true" });
    await page.render({ canvas, viewport }).promise;
    if (pdf !== this.pdf) return;
    const button = this.button(number);
    button.firstChild.replaceWith(canvas);
    button.dataset.drawn = "yes";
  }
}
