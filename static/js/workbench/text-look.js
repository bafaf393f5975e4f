// How large and how wide the text of a record is, in this browser. theme.js puts both in place before the first paint.
import { announce, prefs } from "../dom.js";

const html = document.documentElement;
const SIZES = 6;
const WIDTHS = ["narrow", "normal", "wide"];

export const size = {
  /** One step larger (1) or smaller (-1). */
  step(by) {
    const now = Number(html.dataset.textSize ?? 1);
    const next = Math.min(Math.max((Number.isInteger(now) ? now : 1) + by, 0), SIZES - 1);
    html.dataset.textSize = String(next);
    prefs.set("text-size", String(next));
    announce(`Text size ${next + 1} of ${SIZES}.`);
  },
};

export const width = {
  get now() {
    return WIDTHS.includes(html.dataset.textWidth) ? html.dataset.textWidth : "normal";
  },
  set(name) {
    html.dataset.textWidth = name;
    prefs.set("text-width", name);
  },
};
