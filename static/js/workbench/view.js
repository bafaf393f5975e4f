// Puts the state of the session on the screen; the only module that knows all parts of the page.
import { announce, el, prefs } from "../dom.js";
import { Bar } from "./bar.js";
import { Card } from "./card.js";
import { FullText } from "./full-text.js";
import { MODES, pattern } from "./highlight.js";
import { Side, quotesOf } from "./side.js";
import { VERDICTS, clip } from "./words.js";

const SAID_MS = 10_000;
const number = new Intl.NumberFormat("en", { useGrouping: true });

export class View {
  constructor(root, { session, act, reasons, required, onReason, highlight }) {
    this.root = root;
    this.session = session;
    this.words = { include: pattern(highlight?.include), exclude: pattern(highlight?.exclude) };
    this.card = new Card(root, act);
    this.full = new FullText(root, this.card, () => quotesOf(session.record?.suggestion));
    this.side = new Side(root, (key, how) => this.full.light(key, how));
    this.bar = new Bar(root, { act, reasons, required, onReason });
    for (const tool of root.querySelectorAll("[data-tool]")) {
      tool.hidden = false;
      tool.addEventListener("click", () => act(tool.dataset.tool));
    }
    this.tellMode();
  }

  paint({ keepPlace = false } = {}) {
    const { record, phase, steps } = this.session;
    this.root.classList.toggle("is-done", !record);
    const mine = record?.my_decision?.verdict ?? null;
    this.bar.paint(mine, steps.length > 0);
    this.full.paint(record, this.session.trail.upcoming[0]);
    if (!record) return;
    this.side.kept = null;
    this.card.paint(record, { words: this.words, mode: this.mode, quotes: quotesOf(record.suggestion) }, { keepPlace });
    this.side.paint(this.aiState(record, phase), record.suggestion, mine);
    if (phase === "revealed") this.bar.showReveal(mine, record.suggestion);
  }

  /** Tags and notes of the record changed, or the keys did. */
  marks() {
    if (this.session.record) this.card.marks(this.session.record);
  }

  aiState(record, phase) {
    if (phase === "waiting") return "waiting";
    if (record.suggestion) return "shown";
    return this.session.facts.oversight === "blind_first" && this.session.facts.aiPresent && !record.my_decision ? "hidden" : "none";
  }

  /** What a screen reader hears when another record comes. */
  introduce() {
    const { record, progress } = this.session;
    announce(record ? `${record.title || "Untitled record"}. ${number.format(progress.done)} of ${number.format(progress.total)} screened.` : "Nothing is waiting for you here.");
  }

  progress() {
    const { done, total } = this.session.progress;
    this.root.querySelector("[data-done]").textContent = number.format(done);
    this.root.querySelector("[data-total]").textContent = number.format(total);
    Object.assign(this.root.querySelector("progress"), { max: total || 1, value: done });
  }

  /** How many decisions are on their way; a banner when they have to wait. */
  flight(count, waiting, signedOut) {
    Object.assign(this.root.querySelector("[data-flight]"), { hidden: !count, textContent: `${count} saving…` });
    const many = waiting === 1 ? "1 decision waits" : `${waiting} decisions wait`;
    this.banner(!waiting ? "" : signedOut
      ? `You are signed out. ${many} in this browser: sign in again in another tab, then reload this page.`
      : `The server can’t be reached. ${many} in this browser and will be sent as soon as it answers; you can go on.`);
  }

  banner(text) {
    const banner = this.root.querySelector(".wb-banner");
    if (banner.textContent !== text) banner.textContent = text;
    banner.hidden = !text;
  }

  toast(text, options) {
    document.querySelector("toast-stack")?.show(text, options);
  }

  /** For ten seconds the bar says what was just done, with its undo; it covers no text. */
  said({ verdict, record }) {
    const back = verdict === "withdrawn";
    const said = this.root.querySelector(".wb-said");
    const text = `${back ? "Taken back" : VERDICTS[verdict].past}: ${clip(record.title || "Untitled record", 80)}`;
    const undo = el("button", { type: "button", className: "btn btn-sm", "data-act": "undo" }, "Undo");
    said.replaceChildren(el("span", { title: record.title }, text), ...(back ? [] : [undo]));
    said.hidden = false;
    clearTimeout(this.saidTimer);
    this.saidTimer = setTimeout(() => (said.hidden = true), SAID_MS);
  }

  get mode() {
    return MODES.some(([name]) => name === prefs.get("marks")) ? prefs.get("marks") : "all";
  }

  nextMode() {
    const at = MODES.findIndex(([name]) => name === this.mode);
    prefs.set("marks", MODES[(at + 1) % MODES.length][0]);
    this.tellMode();
    this.paint({ keepPlace: true });
    announce(this.root.querySelector("[data-highlight-mode]").textContent);
  }

  tellMode() {
    this.root.querySelector("[data-highlight-mode]").textContent = MODES.find(([name]) => name === this.mode)[1];
  }

  nextSize() {
    const size = String((Number(document.documentElement.dataset.textSize ?? 1) + 1) % 4);
    document.documentElement.dataset.textSize = size;
    prefs.set("text-size", size);
  }
}
