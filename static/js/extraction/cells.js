// The cells of the extraction screen: what is written in each, and what the server says beside it.
import { announce, el } from "../dom.js";
import { INPUT, stateOf, write } from "./written.js";

export class Cells {
  constructor(root) {
    this.root = root;
  }

  /** What stands at the beginning has been stored. */
  begin() {
    for (const cell of this.all) this.remember(cell);
  }

  get all() {
    return [...this.root.querySelectorAll("[data-cell]")];
  }

  of(key) {
    return this.root.querySelector(`[data-cell="${CSS.escape(key)}"]`);
  }

  remember(cell) {
    const state = stateOf(cell);
    cell.dataset.stored = JSON.stringify(state);
    cell.dataset.had = state.filled ? "yes" : "no";
  }

  /** The cell that has the focus; true when it is another than before. */
  enter(cell) {
    if (this.current === cell) return false;
    this.current?.classList.remove("is-here");
    this.current = cell;
    cell.classList.add("is-here");
    return true;
  }

  next(cell) {
    const all = this.all.filter((other) => !other.hidden && other.querySelector(INPUT));
    const following = all[all.indexOf(cell) + 1];
    if (!following) return announce("This was the last cell.");
    const input = following.querySelector(INPUT);
    input.focus();
    input.select?.();
  }

  /** The proposal that stands beside the cell, which the writer has seen. */
  offer(cell) {
    const id = cell.querySelector("[data-offer]:not(.is-rejected)")?.dataset.offer;
    return id ? Number(id) : null;
  }

  evidence(cell) {
    const { quote = "", quoteDocument = "" } = cell.dataset;
    return { quote, document: Number(quoteDocument) || null };
  }

  clear(cell) {
    write(cell, { text: "" });
  }

  complain(cell, text) {
    const problem = cell.querySelector(".xt-problem");
    problem.textContent = text;
    problem.hidden = !text;
    const input = cell.querySelector(INPUT);
    text ? input?.setAttribute("aria-invalid", "true") : input?.removeAttribute("aria-invalid");
  }

  pending(cell, text) {
    cell.querySelector("[data-side]").append(el("p", { className: "xt-quote xt-pending" }, el("q", {}, text.slice(0, 180)), " goes with the value"));
  }

  /** The answer to a save: each cell that it changes, the doubts, and how far one is. `outdone`: another save of the
      same cell is on its way, so that what is written there stays. */
  apply(reply, outdone) {
    for (const [key, side] of Object.entries(reply.sides)) this.put(this.of(key), side, key === reply.cell && !outdone);
    for (const cell of this.all) this.doubt(cell, reply.doubts[cell.dataset.cell] ?? []);
    this.root.querySelector("[data-filled]").textContent = reply.progress.filled;
    this.root.querySelector("[data-of]").textContent = reply.progress.of;
  }

  put(cell, side, own) {
    if (!cell) return;
    const typing = cell.contains(document.activeElement) && cell.dataset.stored !== JSON.stringify(stateOf(cell));
    cell.className = cell.className.replace(/\bis-(empty|suggested|accepted|edited|partial|verified|conflict)\b/, `is-${side.state}`);
    cell.hidden = side.folded;
    if (side.stated) cell.dataset.stated = side.stated;
    else delete cell.dataset.stated;
    for (const button of cell.querySelectorAll("[data-say]")) button.setAttribute("aria-pressed", String(button.title.startsWith(`${side.stated} (`)));
    const held = cell.querySelector("[data-side]");
    const inside = held.contains(document.activeElement);
    held.replaceChildren(...new DOMParser().parseFromString(side.html, "text/html").body.childNodes); // markup of our own server
    if (inside) cell.querySelector(INPUT)?.focus();
    if (!own) return;
    delete cell.dataset.underway;
    delete cell.dataset.asked;
    this.complain(cell, "");
    if (typing) return;
    write(cell, side);
    this.remember(cell);
  }

  doubt(cell, sentences) {
    const list = cell.querySelector("[data-doubts]");
    list.hidden = !sentences.length;
    list.replaceChildren(...sentences.map((sentence) => el("li", {}, sentence)));
  }
}
