// The pages: pdf.js' viewer with its links and its search, told what we want of it. Draws only pages near the screen.
import { drawOnlyPagesOf } from "./drawing.js";

const QUIET = { // pdf.js would fetch translations of its editors; our page has its own words
  getLanguage: () => "en-us",
  getDirection: () => "ltr",
  get: async () => "",
  translate: async () => {},
  translateOnce: async () => {},
  destroy: async () => {},
  pause: () => {},
  resume: () => {},
};
const BLANK = 2; // pdf.js' LinkTarget.BLANK
const FIT = "page-width";
const REFIT_MS = 120;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Stage {
  /** scroller: the positioned box that scrolls, with the box of pages in it. */
  constructor({ pdfjs, parts, images }, scroller) {
    this.scroller = scroller;
    this.bus = new parts.EventBus();
    this.links = new parts.PDFLinkService({ eventBus: this.bus, externalLinkTarget: BLANK, externalLinkRel: "noopener noreferrer nofollow" });
    this.finder = new parts.PDFFindController({ eventBus: this.bus, linkService: this.links });
    this.view = new parts.PDFViewer({ container: scroller, viewer: scroller.firstElementChild, eventBus: this.bus, linkService: this.links, findController: this.finder,
      l10n: QUIET, annotationMode: pdfjs.AnnotationMode.ENABLE, imageResourcesPath: images, removePageBorders: true, enableAutoLinking: false, maxCanvasPixels: 2 ** 24, supportsPinchToZoom: true });
    this.links.setViewer(this.view);
    drawOnlyPagesOf(this.view);
    this.bus.on("pagesinit", () => this.name());
    this.bus.on("textlayerrendered", ({ pageNumber }) => this.pageOf(pageNumber)?.querySelector(".textLayer")?.removeAttribute("tabindex"));
    this.bus.on("annotationlayerrendered", ({ pageNumber }) => nameLinks(this.pageOf(pageNumber)));
    this.watch();
  }

  /** Fit again when the divider is moved or the window turned; once, after the last change. */
  watch() {
    let width = 0;
    this.keepFit = true;
    new ResizeObserver(([entry]) => {
      if (entry.contentRect.width === width || !entry.contentRect.width) return;
      width = entry.contentRect.width;
      clearTimeout(this.refit);
      this.refit = setTimeout(() => this.settle(), REFIT_MS);
    }).observe(this.scroller);
  }

  open(pdf) {
    this.view.setDocument(pdf);
    this.links.setDocument(pdf);
  }

  /** pdf.js makes a landmark of each page; two hundred landmarks are none. */
  name() {
    this.fit();
    for (let page = 1; page <= this.count; page += 1) {
      const box = this.pageOf(page);
      box?.setAttribute("role", "group");
      box?.setAttribute("aria-label", `Page ${page}`);
    }
  }

  get count() {
    return this.view.pagesCount;
  }

  get page() {
    return this.view.currentPageNumber;
  }

  set page(number) {
    this.view.currentPageNumber = Math.max(1, Math.min(number, this.count));
  }

  get fitted() {
    return this.view.currentScaleValue === FIT;
  }

  /** Fit the width, now and whenever it changes; behind a tab there is no width yet. */
  fit() {
    this.keepFit = true;
    this.width = this.scroller.clientWidth;
    if (this.width) this.view.currentScaleValue = FIT;
  }

  settle() {
    if (this.count && this.keepFit && this.width !== this.scroller.clientWidth) this.fit();
  }

  zoom(step) {
    this.keepFit = false;
    if (step > 0) this.view.increaseScale({ steps: step });
    else this.view.decreaseScale({ steps: -step });
  }

  pageOf(number) {
    return this.view.getPageView(number - 1)?.div ?? null;
  }

  /** Bring a box of a page (fractions) to the upper third of the screen; far away it jumps, nearby it glides. */
  scrollTo(number, { x0, y0, x1 }) {
    this.settle();
    const page = this.pageOf(number).getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    const top = this.scroller.scrollTop + page.top - frame.top + y0 * page.height - frame.height * 0.3;
    const over = page.width - this.scroller.clientWidth; // a page that fits stays whole, beside wider ones too
    const aim = over <= 0 ? over / 2 : Math.min(Math.max(((x0 + x1) / 2) * page.width - frame.width / 2, 0), over);
    const left = this.scroller.scrollLeft + page.left - frame.left + aim;
    const far = Math.abs(top - this.scroller.scrollTop) > 2 * frame.height;
    this.scroller.scrollTo({ top, left, behavior: far || still.matches ? "instant" : "smooth" });
  }
}

/** Links inside a document have no text of their own. */
function nameLinks(page) {
  for (const link of page?.querySelectorAll(".annotationLayer a:not([aria-label])") ?? []) {
    link.setAttribute("aria-label", link.title || (link.target ? link.href : "To another place in this document"));
  }
}
