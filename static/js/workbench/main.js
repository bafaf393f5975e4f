// Starts the workbench: reads what the server wrote into the page and connects keys, session, outbox and view.
import { ActiveTime } from "./active-time.js";
import { withId, withQuery } from "./addresses.js";
import { call } from "./api.js";
import { listen } from "./keys.js";
import { Legend, revealChoice } from "./legend.js";
import { Outbox } from "./outbox.js";
import { Refused } from "./refused.js";
import { remarks } from "./remarks.js";
import { Session } from "./session.js";
import { tell } from "./telling.js";
import { size } from "./text-look.js";
import { Trail } from "./trail.js";
import { View } from "./view.js";

const LIMIT = 5;
const LOOK_AGAIN_MS = 30_000; // at the end of the queue: records may come back or be imported
const root = document.getElementById("workbench");
const data = (id, otherwise) => JSON.parse(document.getElementById(id)?.textContent ?? "null") ?? otherwise;
const { user, stage, oversight, aiPresent, reasonRequired, queueUrl, decisionsUrl, recordUrl, recordsPageUrl } = root.dataset;
const reasons = data("wb-reasons", []);
const overrides = data("wb-overrides", []);
const criteria = data("wb-criteria-data", []);
const facts = {
  stage, decisionsUrl, oversight, aiPresent: aiPresent === "yes", protocol: Number(root.dataset.protocol) || null, pilot: data("wb-pilot", null), reasonOf: (id) => reasons.find((reason) => reason.id === id)?.text,
  overrideOf: (code) => overrides.find((one) => one.code === code)?.text,
};
/** What the stage asks of a decision; the server may say otherwise later. */
const asked = { reason_required: reasonRequired === "yes", ask_criteria: root.dataset.askCriteria === "yes", oversight };

const trail = new Trail(data("wb-queue", []), data("wb-recent", []));
const outbox = new Outbox(user, (entry) =>
  call(entry.url, { method: "POST", body: { ...entry.payload, ...(entry.url === decisionsUrl ? { have: trail.held(), limit: LIMIT } : { have: [], limit: 0 }) } }));
const fetchMore = async () => (await call(withQuery(queueUrl, { stage, limit: LIMIT, have: trail.held().join(",") }))).records;
const session = new Session({ trail, outbox, time: new ActiveTime(), facts, reveal: revealChoice, progress: data("wb-progress", { done: 0, total: 0 }), fetchMore });

const onReason = (id) => session.vote("exclude", id);
const view = new View(root, { session, act, reasons, required: () => asked.reason_required, onReason, overrides, highlight: data("wb-highlight", {}), criteria, recordPage: root.dataset.recordPage });
const { notices } = view;
const legend = new Legend(() => (view.bar.label(), view.marks()), view.marking, { elsewhere: { opinions: "in a conflict" } });
const refused = new Refused(outbox, { toast: (...told) => notices.toast(...told), changed: (count) => notices.refused(count, () => refused.open()) });
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
    cancel: () => (view.bar.asking ? view.bar.close() : false),
    ...remark,
    highlight: () => view.marking.cycle(),
    smaller: () => size.step(-1),
    larger: () => size.step(1),
    search: () => location.assign(withQuery(recordsPageUrl, { focus: "search" })),
    legend: () => legend.open(),
  };
  return does[name]?.() !== false;
}

function exclude() {
  if (!session.record || session.phase === "waiting") return;
  if (asked.ask_criteria && criteria.length && !view.judging.failed) return notices.held();
  if (!reasons.length) session.vote("exclude");
  else if (!view.bar.picking) view.bar.openReasons();
  else if (!asked.reason_required) session.vote("exclude", null);
}

async function walk(step) {
  if (!session.walk(step)) return notices.toast(step > 0 ? "This is the newest record." : "This is the first record of this sitting.", { key: "walk", timeout: 3 });
}

/** A record of an earlier sitting is fetched when somebody walks or undoes back to it. */
async function fill(id) {
  try {
    trail.fill(await call(withQuery(withId(recordUrl, id), { stage })));
    if (session.record?.id === id) view.paint();
    return true;
  } catch (problem) {
    notices.toast(`That record could not be fetched: ${problem.message}`, { error: true, key: "fill" });
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
session.addEventListener("disputed", ({ detail }) => view.bar.openOverrides(detail));
session.addEventListener("changed", () => view.paint({ keepPlace: true }));
session.addEventListener("progress", () => view.progress());
session.addEventListener("said", ({ detail }) => notices.said(detail));
const flight = tell({ session, outbox, view, asked });
window.addEventListener("beforeunload", (event) => outbox.unkept && event.preventDefault());

listen(act, (number) => view.bar.digit(number), (number) => Boolean(session.record) && session.phase !== "waiting" && view.judging.cycle(number));
view.paint();
view.progress();
flight();
outbox.pump();
const lookForMore = () => !session.record && !document.hidden && session.replies.more();
setInterval(lookForMore, LOOK_AGAIN_MS);
lookForMore();
root.dataset.ready = "yes";
