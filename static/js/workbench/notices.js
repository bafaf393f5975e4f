// What the workbench tells besides the record: what is on its way, what waits, what was refused, what was just done.
import { el } from "../dom.js";
import { VERDICTS, clip } from "./words.js";

const SAID_MS = 10_000;
const SLOW_MS = 400; // saving that takes longer is told; a word that comes and goes with each key would cost a layer each time

export class Notices {
  constructor(root) {
    this.root = root;
  }

  /** How many decisions are on their way; a banner when they have to wait. */
  flight(count, waiting, signedOut) {
    this.saving(count);
    const many = waiting === 1 ? "1 decision waits" : `${waiting} decisions wait`;
    this.banner("waiting", !waiting ? "" : signedOut
      ? `You are signed out. ${many} in this browser: sign in again in another tab, as yourself, and they are sent from here.`
      : `The server can’t be reached. ${many} in this browser and will be sent as soon as it answers; you can go on.`);
  }

  /** The count is there at once for whoever asks; people are told of what takes long. */
  saving(count) {
    this.line ??= this.root.querySelector("[data-flight]");
    this.line.dataset.saving = count;
    if (!count) {
      clearTimeout(this.slow);
      this.slow = null;
      this.line.hidden = true;
      return;
    }
    this.slow ??= setTimeout(() => (this.line.hidden = false), SLOW_MS);
    this.line.textContent = `${count} saving…`;
  }

  /** How many decisions the server refused; they stay until somebody throws them away. */
  refused(count, show) {
    const many = count === 1 ? "1 decision was not stored" : `${count} decisions were not stored`;
    this.banner("refused", count ? `${many}; nothing of it is lost.` : "", { label: "Show what and why", run: show });
  }

  /** What the server asks at this stage is not what this page was made for. */
  stale(text) {
    this.banner("stale", text, { label: "Reload", run: () => location.reload() });
  }

  /** One line for each kind of thing that lasts; the same text again changes nothing. */
  banner(kind, text, action = null) {
    const banner = this.root.querySelector(`[data-kind="${kind}"]`);
    if (banner.dataset.text !== text) {
      banner.dataset.text = text;
      banner.replaceChildren(...(text ? [el("span", {}, text)] : []), ...(text && action ? [el("button", { type: "button", className: "btn btn-sm", onclick: action.run }, action.label)] : []));
    }
    banner.hidden = !text;
  }

  /** This stage asks which criterion speaks against a record before it is excluded. */
  held() {
    const look = { label: "To the criteria", run: () => document.getElementById("wb-criteria").scrollIntoView({ block: "nearest" }) };
    this.toast("Not excluded yet: say first which criterion is not met, beside it or with Shift and its number.", { key: "held", action: look });
  }

  toast(text, options) {
    document.querySelector("toast-stack")?.show(text, options);
  }

  /** For ten seconds the bar says what was just done, with its undo; it covers no text. */
  said({ verdict, record }) {
    const back = verdict === "withdrawn";
    const said = this.root.querySelector(".wb-said");
    this.about = record;
    const title = el("bdi", {}, clip(record.title || "Untitled record", 80));
    const undo = el("button", { type: "button", className: "btn btn-sm", "data-act": "undo" }, "Undo");
    said.replaceChildren(el("span", { title: record.title }, `${back ? "Taken back" : VERDICTS[verdict].past}: `, title), ...(back ? [] : [undo]));
    said.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.unsay(), SAID_MS);
  }

  /** What was refused of a record is not done: the bar does not go on saying so. */
  unsay(record = this.about) {
    if (record === this.about) this.root.querySelector(".wb-said").hidden = true;
  }
}
