// The extraction screen: cells are stored as they are left, proposals are taken or refused by key, quotes are lit in the PDF.
import { announce } from "../dom.js";
import { call } from "../workbench/api.js";
import { Outbox } from "../workbench/outbox.js";
import { Cells } from "./cells.js";
import { deeds } from "./deeds.js";
import { listen } from "./keys.js";
import { Lamp } from "./lamp.js";

const root = document.getElementById("sheet");
const { user, values, rejections } = root.dataset;
const writable = "writable" in root.dataset;
const lamp = new Lamp(root.querySelector("pdf-viewer"));
const cells = new Cells(root);
// one queue for each person and sheet: what has not reached the server is kept in this browser and sent when it can be
const outbox = new Outbox(`${user}:${values}`, (entry) => call(entry.url, { method: "POST", body: entry.payload }));

const act = deeds({ cells, outbox, lamp, urls: { values, rejections }, writable });
const { store, say, accept, reject, judge } = act;

root.addEventListener("focusin", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (cell && cells.enter(cell)) lamp.of(cell);
});
root.addEventListener("focusout", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (cell && !cell.contains(event.relatedTarget)) store(cell);
});
// letters and arrows walk through a choice: what is only passed is nobody's answer, so it is stored when the keys rest
const REST = 800; // ms; browsers begin a new word of letters after about as long
let resting, keyed;
root.addEventListener("keydown", ({ target }) => (keyed = target), true);
root.addEventListener("pointerdown", () => (keyed = null), true);
function rest(cell) {
  clearTimeout(resting);
  resting = setTimeout(() => store(cell), REST);
}
window.addEventListener("pagehide", () => cells.current && store(cells.current));

root.addEventListener("change", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell) return;
  if (event.target.matches("[data-reason]")) reject(cell, event.target.value);
  else if (event.target.matches("[data-override]")) event.target.value && store(cell, { override: event.target.value });
  else if (event.target.matches("select[data-input]") && keyed === event.target) rest(cell);
  else if (event.target.matches("select[data-input], [type=checkbox], [data-unit]")) store(cell);
});
root.addEventListener("submit", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell) return;
  event.preventDefault();
  if (event.target.matches(".xt-take")) accept(cell);
  else if (event.target.matches(".xt-refuse")) reject(cell, event.target.elements.reason.value);
  else if (event.submitter?.dataset.say) say(cell, event.submitter.dataset.say);
  else store(cell);
});
root.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-cell]");
  const jump = event.target.closest("[data-jump]");
  if (jump) lamp.light(jump);
  else if (event.target.closest("[data-judge]")) judge(cell);
  else if (event.target.closest("[data-use]")) cells.current ? act.quote(cells.current) : announce("Go to a cell first.");
  else if (event.target.closest("[data-legend]")) document.getElementById("xt-legend").showModal();
});

const onItsWay = (record) => outbox.entries.some((entry) => entry.payload.record === record);
outbox.addEventListener("stored", ({ detail: { reply } }) => cells.apply(reply, onItsWay(reply.cell)));
outbox.addEventListener("refused", ({ detail: { entry, problem } }) => {
  const cell = cells.of(entry.payload.record);
  if (!cell) return announce(problem.message);
  delete cell.dataset.underway;
  delete cell.dataset.stored;
  const again = problem.status === 428;
  if (again) cell.dataset.asked = String(entry.payload.accept ?? "");
  cells.complain(cell, again ? `${problem.message} Press again to accept it.` : problem.message);
});
const flight = root.querySelector("[data-flight]");
outbox.addEventListener("change", () => {
  flight.hidden = !outbox.entries.length;
  flight.textContent = outbox.waiting ? `${outbox.waiting} not sent yet; kept in this browser` : "Saving";
});
outbox.addEventListener("signedout", () => (flight.textContent = "You are signed out. Sign in in another tab; what you entered is kept here."));
window.addEventListener("beforeunload", (event) => outbox.unkept && outbox.entries.length && event.preventDefault());

/** Leaving by a form (done, an arm) waits until everything has reached the server. */
for (const form of root.querySelectorAll(".xt-status form, .xt-row"))
  form.addEventListener("submit", (event) => {
    if (!outbox.entries.length) return;
    event.preventDefault();
    const { submitter } = event;
    outbox.addEventListener("change", () => outbox.entries.length || form.requestSubmit(submitter));
    outbox.pump();
  });

// whoever selects words in the document is not in the cell any more
const quoted = (event) => event.altKey && event.code === "KeyQ" && cells.current && (event.preventDefault(), act.quote(cells.current));
if (writable) {
  listen(root, act);
  document.addEventListener("keydown", (event) => !event.defaultPrevented && quoted(event));
  root.querySelector("[data-use]")?.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
}
cells.begin();
outbox.pump();
root.dataset.ready = "yes";
