// <pdf-viewer>: one document beside a form. templates/components/pdf_viewer.html is its body.
// open(document | null), show(page), highlight(parts, {label, document}) -> Promise<boolean>, clear(), find(text).
// Events: "pdf-ready" {pages}, "pdf-error" {kind, title, text}, "pdf-document" {document} when another one was chosen.
import { announce } from "../dom.js";
import { actions } from "./actions.js";
import { Choice } from "./choice.js";
import { Cover } from "./cover.js";
import { Finding } from "./finding.js";
import { listen } from "./keys.js";
import { Marks } from "./marks.js";
import { Opening } from "./opening.js";
import { Words } from "./places.js";
import { caution, limits } from "./problems.js";
import { Thumbnails } from "./thumbnails.js";
import { Toolbar } from "./toolbar.js";

class PdfViewer extends HTMLElement {
  connectedCallback() {
    if (this.opening) return; // moved, not new
    const stage = () => this.stage;
    const act = actions(this);
    this.opening = new Opening(this);
    this.cover = new Cover(this, () => this.opening.again());
    this.finding = new Finding(this, stage);
    this.thumbnails = new Thumbnails(this, (page) => this.show(page));
    this.marks = new Marks((page) => this.stage?.pageOf(page) ?? null);
    this.toolbar = new Toolbar(this, act, stage);
    this.choice = new Choice(this, (document) => this.switch(document));
    listen(this, (name) => (this.stage?.count ? act(name) : false));
    window.addEventListener("online", () => this.opening.problem?.again && this.opening.again());
    this.open(this.given());
  }

  /** The document that the attributes describe. */
  given() {
    const of = (name) => this.getAttribute(name) ?? "";
    if (!of("src")) return null;
    return { id: Number(of("document")), url: of("src"), words: of("words"), pages: Number(of("pages")), name: of("name"), status: of("status"), layer: of("layer"), flags: this.hasAttribute("flagged") ? ["flagged"] : [] };
  }

  /** document: {id, url, words, pages, name, status, layer, flags} as the server's document_shown, or null; others: those of the same record. */
  open(document, { others = null, empty = "" } = {}) {
    this.document = document;
    this.emptyText = empty || this.getAttribute("empty");
    this.words = new Words(document?.words);
    this.choice.offer(others, document);
    this.cover.caution(document ? caution(document) : "");
    for (const link of this.querySelectorAll("[data-pv-file]")) {
      link.hidden = !document;
      link.href = document?.url ?? "";
    }
    return this.opening.open(document);
  }

  attach(stage) {
    stage.bus.on("pagechanging", ({ pageNumber }) => (this.toolbar.tell(), this.thumbnails.mark(pageNumber)));
    stage.bus.on("scalechanging", () => this.toolbar.tell());
    stage.bus.on("pagerendered", ({ pageNumber }) => this.marks.paint(pageNumber));
    this.finding.attach(stage.bus);
    return stage;
  }

  /** Another document of the same record was chosen. */
  switch(document) {
    this.open(document);
    this.dispatchEvent(new CustomEvent("pdf-document", { detail: { document }, bubbles: true }));
  }

  async show(page) {
    if (!(await this.opening.ready)) return false;
    this.stage.page = page;
    return true;
  }

  /** Light the place of a quote and bring it into sight; parts: [{page, start, end}], offsets in the server's text. */
  async highlight(parts, { label = "the quote", document = null } = {}) {
    const asked = (this.asked = Symbol(label));
    if (document && document !== this.document?.id) {
      const other = this.choice.find(document);
      if (!other) return this.lost("It stands in another document than the one shown here.");
      this.switch(other);
    }
    this.closest("split-pane")?.reveal?.(this);
    const { words } = this;
    const boxes = (await this.opening.ready) ? await this.marks.find(parts, words) : new Map();
    if (asked !== this.asked || words !== this.words) return false; // something else was asked for meanwhile
    return this.light(boxes, parts, label);
  }

  light(boxes, parts, label) {
    const [page, [first] = []] = boxes.entries().next().value ?? [];
    if (!first || !this.stage.pageOf(page)) return this.lost(limits(this.document ?? {}) || `These words were not found on page ${parts[0]?.page ?? "?"}.`);
    this.marks.draw(boxes, label);
    this.stage.scrollTo(page, first);
    announce(`Page ${page}: ${label} is marked.`);
    return true;
  }

  lost(why) {
    this.marks.clear();
    this.cover.passing(`The place can’t be shown. ${why}`);
    return false;
  }

  clear() {
    this.asked = null;
    this.marks.clear();
  }

  async find(text) {
    if (await this.opening.ready) this.finding.open(text);
  }
}

customElements.define("pdf-viewer", PdfViewer);
