// The adjudicator's page: the marks, keys and reasons of the workbench, over a plain form.
import { el } from "./dom.js";
import { Card, prepare } from "./workbench/card.js";
import { withQuery } from "./workbench/addresses.js";
import { listen, writeKeys } from "./workbench/keys.js";
import { Legend } from "./workbench/legend.js";
import { Marks } from "./workbench/marks.js";
import { Reasons } from "./workbench/reasons.js";
import { size } from "./workbench/text-look.js";

const SCREENING = "when screening";
const root = document.querySelector(".conflict-page");
const form = root.querySelector(".conflict-bar");
const data = (id) => JSON.parse(document.getElementById(id).textContent);
const record = data("wb-record");
const reasons = data("wb-reasons");
const { recordPage, recordsPageUrl, reasonRequired } = root.dataset;

const marking = new Marks(root, data("wb-highlight"), paint, { quotes: false });
const card = new Card(root, act, []);
const elsewhere = Object.fromEntries(["undo", "keep", "previous", "next", "tag", "duplicate"].map((action) => [action, SCREENING]));
const legend = new Legend(() => writeKeys(root), marking, { elsewhere });
const because = new Reasons(root.querySelector(".wb-reasons"), { reasons, required: () => reasonRequired === "yes", onReason: (id) => settle("exclude", id) });
let sent = false;

function paint() {
  card.paint(record, prepare(record, { ...marking.wanted(), quotes: [], recordPage }), { keepPlace: true });
}

/** An action by key or button; true when it was for us. */
function act(name) {
  const does = {
    include: () => settle("include"),
    maybe: () => settle("maybe"),
    exclude: () => (mayExclude() ? settle("exclude") : true),
    opinions: () => press(root.querySelector('#opinions [data-act="opinions"]')),
    note: () => form.elements.note.focus(),
    cancel: () => because.picking && because.close(),
    highlight: () => marking.layers.length > 0 && marking.cycle(),
    smaller: () => size.step(-1),
    larger: () => size.step(1),
    search: () => location.assign(withQuery(recordsPageUrl, { focus: "search" })),
    legend: () => legend.open(),
  };
  return name in does && does[name]() !== false;
}

/** Whether an exclusion may go as it is; where there are reasons they are shown first. */
function mayExclude() {
  if (reasons.length && !because.picking) return because.open(), false;
  return !reasons.length || reasonRequired !== "yes";
}

function settle(verdict, reason = null) {
  const button = form.querySelector(`.wb-verdict[value="${verdict}"]`);
  if (!button || sent) return false;
  if (reason) form.append(el("input", { type: "hidden", name: "reason", value: String(reason) }));
  form.requestSubmit(button);
  return true;
}

function press(button) {
  button?.click();
  return Boolean(button);
}

form.addEventListener("click", (event) => event.target.closest('[data-act="exclude"]') && !mayExclude() && event.preventDefault());
form.addEventListener("submit", (event) => (sent ? event.preventDefault() : (sent = true)));
window.addEventListener("pageshow", (event) => event.persisted && location.reload()); // as it stands now, not as it was left
for (const tool of root.querySelectorAll("[data-tool]")) {
  tool.hidden = tool.dataset.tool === "highlight" && !marking.layers.length;
  tool.addEventListener("click", () => act(tool.dataset.tool));
}
listen(act, (number) => because.digit(number), () => false);
paint();
writeKeys(root);
root.dataset.ready = "yes";
