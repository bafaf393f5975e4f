// Puts the state of the session on the screen; the only module that knows all parts of the page.
import { announce } from "../dom.js";
import { Ahead } from "./ahead.js";
import { Bar } from "./bar.js";
import { Card, prepare } from "./card.js";
import { FullText } from "./full-text.js";
import { Judging } from "./judging.js";
import { Marks } from "./marks.js";
import { Notices } from "./notices.js";
import { Side, quotesOf } from "./side.js";

const AHEAD = 3; // records whose cards are made before they are asked for
const number = new Intl.NumberFormat("en", { useGrouping: true });

export class View {
  constructor(root, { session, act, reasons, required, onReason, overrides, highlight, criteria, recordPage }) {
    this.root = root;
    this.session = session;
    this.notices = new Notices(root);
    this.marking = new Marks(root, highlight, () => this.paint({ keepPlace: true }));
    const make = (record) => prepare(record, { ...this.marking.wanted(), quotes: this.quotes(record), recordPage });
    this.ahead = new Ahead(make, (record) => `${this.marking.version} ${record.suggestion?.id ?? ""}`);
    this.card = new Card(root, act);
    this.full = new FullText(root, this.card, () => quotesOf(session.record?.suggestion));
    this.side = new Side(root, (key, how) => this.full.light(key, how));
    this.judging = new Judging(root, { criteria, changed: (judged) => session.record && (session.record.judged = judged) });
    this.bar = new Bar(root, { act, reasons, required, onReason, overrides });
    for (const tool of root.querySelectorAll("[data-tool]")) {
      tool.hidden = false;
      tool.addEventListener("click", () => act(tool.dataset.tool));
    }
  }

  quotes(record) {
    return this.marking.wanted().withQuotes ? quotesOf(record.suggestion) : [];
  }

  paint({ keepPlace = false } = {}) {
    const { record, phase, steps, trail } = this.session;
    this.root.classList.toggle("is-done", !record);
    const mine = record?.my_decision?.verdict ?? null;
    this.bar.paint(mine, steps.length > 0);
    this.full.paint(record, trail.upcoming[0]);
    if (!record) return;
    this.side.kept = null;
    this.card.paint(record, this.ahead.take(record), { keepPlace });
    this.side.paint(this.aiState(record, phase), record.suggestion, mine);
    record.judged ??= record.my_decision?.judgements ?? {};
    this.judging.paint(record.judged);
    if (phase === "revealed") this.bar.showReveal(mine, record.suggestion);
    this.ahead.plan(trail.upcoming.slice(0, AHEAD));
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
    this.pilot();
  }

  /** In a pilot round: which one, and how much of it is one's own. */
  pilot() {
    const { pilot } = this.session.facts;
    this.root.classList.toggle("is-pilot", Boolean(pilot));
    if (!pilot) return;
    const done = Math.min(Math.max(pilot.mine_done, 0), pilot.mine_total);
    this.root.querySelector("[data-pilot]").textContent = `Pilot round ${pilot.number}: ${number.format(done)} of ${number.format(pilot.mine_total)}`;
  }
}
