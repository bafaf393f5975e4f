// What a person does with a cell: store, say, accept, reject, confirm, quote. Each goes through the outbox.
import { announce } from "../dom.js";
import { uuid } from "../workbench/uuid.js";
import { selected } from "./lamp.js";
import { stateOf } from "./written.js";

/** The deeds on cells; `urls`: {values, rejections}. */
export function deeds({ cells, outbox, lamp, urls, writable }) {
  function send(cell, body, url = urls.values) {
    cells.complain(cell, "");
    cell.dataset.underway = "yes";
    const { arm, measure, field } = cell.dataset;
    const place = url === urls.values ? { field, arm: Number(arm) || null, measure: Number(measure) || null } : {};
    // `record` is what Outbox.cancel tells entries apart by
    outbox.add(url, { record: cell.dataset.cell, ...place, ...body, idempotency_key: uuid() });
  }

  /** Store what is written, if it is new. The proposal that stands beside it was seen, and is cited. */
  function store(cell, more = {}) {
    if (!writable || !cell.querySelector("[data-input]")) return;
    const written = stateOf(cell);
    const had = cell.dataset.stored === JSON.stringify(written);
    if ((had && !Object.keys(more).length) || (!written.filled && cell.dataset.had !== "yes")) return;
    const state = written.filled ? "reported" : "withdrawn";
    cell.dataset.stored = JSON.stringify(written);
    send(cell, { raw: written.raw, unit: written.unit, state, citing: cells.offer(cell), ...cells.evidence(cell), ...more });
  }

  function say(cell, state) {
    cells.clear(cell);
    cell.dataset.stored = JSON.stringify(stateOf(cell));
    send(cell, { raw: null, state, citing: cells.offer(cell), ...cells.evidence(cell) });
  }

  function accept(cell) {
    const offer = cell.querySelector("[data-offer][data-usable]");
    if (!offer || offer.classList.contains("is-rejected") || !cell.querySelector("[data-accept]")) return false;
    const warning = offer.dataset.warning ?? "";
    if (warning && cell.dataset.asked !== offer.dataset.offer) {
      cell.dataset.asked = offer.dataset.offer;
      cells.complain(cell, `${warning} Press again to accept it all the same.`);
      return true;
    }
    send(cell, { accept: Number(offer.dataset.offer), confirmed: Boolean(warning) });
    return true;
  }

  function reject(cell, reason) {
    const offer = cell.querySelector("[data-offer]");
    if (!offer || !reason) return false;
    send(cell, { proposal: Number(offer.dataset.offer), reason }, urls.rejections);
    return true;
  }

  function judge(cell) {
    const code = cell.querySelector("[data-judged]")?.dataset.judged;
    if (!code || stateOf(cell).filled) return false;
    cell.querySelector("[data-input]").value = code;
    store(cell);
    return true;
  }

  /** Enter: what is written is stored; in an empty cell the proposal or computed judgement is taken. Then the next cell. */
  function enter(cell) {
    const unsaid = !stateOf(cell).filled && !cell.dataset.stated;
    if (unsaid && cell.querySelector("[data-accept]")) {
      if (accept(cell) && cell.dataset.underway) cells.next(cell);
    } else {
      if (!(unsaid && judge(cell))) store(cell);
      cells.next(cell);
    }
  }

  /** The text that is selected in the document becomes the quote of the cell; with its value, or with the next one. */
  function quote(cell) {
    const text = selected();
    if (text) getSelection().removeAllRanges(); // what is typed now goes to the cell again
    const input = cell.querySelector("[data-input]");
    input?.focus();
    input?.select?.();
    if (!text) return cells.complain(cell, "Select the words in the document first, then press Alt+Q.");
    cell.dataset.quote = text;
    cell.dataset.quoteDocument = lamp.document ?? "";
    if (stateOf(cell).filled || cell.dataset.stated) store(cell, { note: "" });
    else announce("The quote will be stored with the value."), cells.pending(cell, text);
  }

  const withdraw = (cell) => {
    cells.clear(cell);
    if (cell.dataset.stated || cell.dataset.had === "yes") send(cell, { raw: null, state: "withdrawn" });
  };
  return { enter, accept, reject, store, say, quote, judge, withdraw };
}
