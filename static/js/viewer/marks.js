// The lit place: boxes over pages, drawn again whenever pdf.js draws a page anew.
import { el } from "../dom.js";
import { lines } from "./places.js";

const percent = (fraction) => `${(fraction * 100).toFixed(3)}%`;

export class Marks {
  /** pageOf(number) is the element of a page, or null. */
  constructor(pageOf) {
    this.pageOf = pageOf;
    this.clear();
  }

  clear() {
    for (const layer of this.layers ?? []) layer.remove();
    this.layers = [];
    this.boxes = new Map();
    this.label = "";
  }

  /** parts: [{page, start, end}]; words: Words. The first box and its page, or null when no part has a place. */
  async find(parts, words) {
    const boxes = new Map();
    for (const { page, start, end } of parts) {
      const found = lines(await words.of(page), start, end);
      if (found.length) boxes.set(page, [...(boxes.get(page) ?? []), ...found]);
    }
    return boxes;
  }

  /** boxes: Map of page -> boxes; label: what a screen reader hears of them. */
  draw(boxes, label) {
    this.clear();
    Object.assign(this, { boxes, label });
    for (const page of boxes.keys()) this.paint(page);
  }

  paint(page) {
    const boxes = this.boxes.get(page);
    const under = this.pageOf(page);
    if (!boxes || !under) return;
    for (const old of under.querySelectorAll(".pv-marks")) old.remove();
    const layer = el("div", { className: "pv-marks", role: "img", "aria-label": `Marked: ${this.label}` }, ...boxes.map(drawn));
    this.layers.push(layer);
    under.append(layer);
  }
}

function drawn({ x0, y0, x1, y1 }) {
  const box = el("div", { className: "pv-mark" });
  Object.assign(box.style, { left: percent(x0), top: percent(y0), width: percent(x1 - x0), height: percent(y1 - y0) });
  return box;
}
