// Starts the workbench: reads what the server wrote into the page and connects keys, session, outbox and view.
import { ActiveTime } from "./active-time.js";
import { withId, withQuery } from "./addresses.js";
import { call } from "./api.js";
import { listen } from "./keys.js";
import { Legend, revealChoice } from "./legend.js";
import { Outbox } from "./outbox.js";
import { remarks } from "./remarks.js";
import { Session } from "./session.js";
import { Trail } from "./trail.js";
import { View } from "./view.js";

const LIMIT = 5;
const LOOK_AGAIN_MS = 30_000; // at the end of the queue: records may come back or be imported
const root = document.getElementById("workbench");
const data = (id, otherwise) => JSON.parse(document.getElementById(id)?.textContent ?? "null") ?? otherwise;
const { user, stage, oversight, aiPresent, reasonRequired, queueUrl, decisionsUrl, recordUrl, recordsPageUrl } = root.dataset;
const facts = { stage, decisionsUrl, oversight, aiPresent: aiPresent === "yes" };
const reasons = data("wb-reasons", []);

const trail = new Trail(data("wb-queue", []), data("wb-recent", []));
const outbox = new Outbox(user, (entry) =>
  call(entry.url, { method: "POST", body: { ...entry.payload, ...(entry.url === decisionsUrl ? { have: trail.held(), limit: LIMIT } : { have: [], limit: 0 }) } }));
const fetchMore = async () => (await call(withQuery(queueUrl, { stage, limit: LIMIT, have: trail.held().join(",") }))).records;
const session = new Session({ trail, outbox, time: new ActiveTime(), facts, reveal: revealChoice, progress: data("wb-progress", { done: 0, total: 0 }), fetchMore });

const onReason = (id) => session.vote("exclude", id);
const view = new View(root, { session, act, reasons, required: reasonRequired === "yes", onReason, highlight: data("wb-highlight", {}) });
const legend = new Legend(() => (view.bar.label(), view.marks()));
const remark = remarks({ urls: root.dataset, all: data("wb-tags", []), session, view });

/** Every action by key, button or toast comes through here; true when it was for us. */
function act(name) {
  const does = {
    include: () => session.vote("include"),
    maybe: () => session.vote("maybe"),
    exclude: () => exclude(),
    keep: () => (session.phase === "revealed" ? session.keep() : false),
    undo: () => session.undo(),
    previous: () => walk(-1),
    next: () => walk(1),
    cancel: () => (view.bar.picking ? view.bar.closeReasons() : false),
    ...remark,
    highlight: () => view.nextMode(),
    size: () => view.nextSize(),
    search: () => location.assign(withQuery(recordsPageUrl, { focus: "search" })),
    legend: () => legend.open(),
  };
  return does[name]?.() !== false;
}

function exclude() {
  if (!session.record || session.phase === "waiting") return;
  if (!reasons.length) session.vote("exclude");
  else if (!view.bar.picking) view.bar.openReasons();
  else if (reasonRequired !== "yes") session.vote("exclude", null);
}

function digit(number) {
  const reason = view.bar.picking && reasons.find((r) => r.number === number);
  if (reason) onReason(reason.id);
  return Boolean(reason);
}

async function walk(step) {
  if (!session.walk(step)) return view.toast(step > 0 ? "This is the newest record." : "This is the first record of this sitting.", { key: "walk", timeout: 3 });
}

/** A record of an earlier sitting is fetched when somebody walks or undoes back to it. */
async function fill(id) {
  try {
    trail.fill(await call(withQuery(withId(recordUrl, id), { stage })));
    if (session.record?.id === id) view.paint();
    return true;
  } catch (problem) {
    view.toast(`That record could not be fetched: ${problem.message}`, { error: true, key: "fill" });
    return false;
  }
}

session.addEventListener("moved", () => {
  if (session.record?.stub) return fill(session.record.id);
  view.paint();
  view.introduce();
});
session.addEventListener("undostub", async ({ detail: { step } }) => {
  session.steps.push(step);
  if (await fill(step.id)) session.undo();
});
session.addEventListener("changed", () => view.paint({ keepPlace: true }));
session.addEventListener("progress", () => view.progress());
session.addEventListener("said", ({ detail }) => view.said(detail));
session.addEventListener("differs", ({ detail: { record } }) => view.toast(`AI suggests ${record.suggestion.proposed_verdict} for the record you just decided.`, {
  key: "differs", action: { label: "Look", run: () => session.move(() => trail.goTo(record.id)) } }));
session.addEventListener("refused", ({ detail: { problem, record } }) => {
  const back = record ? " The record is in front of you again; your decision on it was not stored." : "";
  view.toast(`${problem.message}${back}`, { error: true, timeout: 0 });
});

let signedOut = false;
const flight = () => view.flight(outbox.entries.length, outbox.waiting, signedOut);
outbox.addEventListener("change", flight);
outbox.addEventListener("stored", () => (signedOut = false));
outbox.addEventListener("signedout", () => (signedOut = true, flight()));
window.addEventListener("beforeunload", (event) => outbox.unkept && outbox.entries.length && event.preventDefault());

listen(act, digit);
view.paint();
view.progress();
flight();
outbox.pump();
const lookForMore = () => !session.record && !document.hidden && session.replies.more();
setInterval(lookForMore, LOOK_AGAIN_MS);
lookForMore();
root.dataset.ready = "yes";
