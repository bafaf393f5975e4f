// From an address to pages on the stage: fetch, lay out, or say what is wrong. One document at a time; a later wish wins.
import { engine } from "./engine.js";
import { explain } from "./problems.js";
import { Stage } from "./stage.js";

export class Opening {
  /** viewer: the element, with its parts (cover, toolbar, thumbnails, finding, marks) and its data-… addresses of pdf.js. */
  constructor(viewer) {
    this.viewer = viewer;
    this.ready = Promise.resolve(false);
  }

  /** document: {url, name, …} or null; resolves to true once pages can be shown, to false when they can't. */
  open(document) {
    this.document = document;
    this.problem = null;
    this.ready = this.bring(document);
    return this.ready;
  }

  again() {
    return this.open(this.document);
  }

  async bring(document) {
    this.leave();
    this.say(document ? "loading" : "empty");
    if (!document) return this.viewer.cover.empty(this.viewer.emptyText), false;
    this.viewer.cover.loading(document.name);
    try {
      const started = await this.start();
      if (document !== this.document) return false;
      const pdf = await this.fetch(started, document);
      if (document !== this.document) return false;
      await this.lay(started, pdf);
      return document === this.document;
    } catch (problem) {
      if (document === this.document) await this.fail(problem, document);
      return false;
    }
  }

  start() {
    const { core, components, worker, assets } = this.viewer.dataset;
    return engine({ core, components, worker, assets });
  }

  fetch(started, document) {
    this.task = started.open(document.url);
    this.task.onProgress = ({ loaded, total }) => this.viewer.cover.progress(loaded, total);
    return this.task.promise;
  }

  async lay(started, pdf) {
    const { viewer } = this;
    viewer.stage ??= viewer.attach(new Stage(started, viewer.querySelector(".pv-scroll")));
    const laid = new Promise((done) => viewer.stage.bus.on("pagesinit", done, { once: true }));
    viewer.stage.open(pdf);
    await laid;
    viewer.cover.hide();
    viewer.thumbnails.open(pdf);
    viewer.toolbar.enable(true);
    viewer.toolbar.tell();
    this.say("ready", "pdf-ready", { pages: pdf.numPages });
  }

  /** Put away the document before. */
  leave() {
    const { viewer } = this;
    viewer.marks.clear();
    viewer.finding.close();
    viewer.toolbar.enable(false);
    viewer.thumbnails.open(null);
    viewer.stage?.open(null);
    this.task?.destroy();
    this.task = null;
  }

  async fail(problem, document) {
    const explained = await explain(problem, document.url);
    if (document !== this.document) return;
    this.problem = explained;
    this.viewer.cover.failed(explained, document.url);
    this.say("error", "pdf-error", explained);
  }

  say(state, event = null, detail = null) {
    this.viewer.dataset.state = state;
    if (event) this.viewer.dispatchEvent(new CustomEvent(event, { detail, bubbles: true }));
  }
}
