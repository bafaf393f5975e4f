// The one place in scripts that says which icon and word belong to which meaning (as components/verdict.html does for pages).
import { el, icon } from "../dom.js";

export const VERDICTS = {
  include: { icon: "circle-check", word: "Include", past: "Included" },
  maybe: { icon: "help-hexagon", word: "Maybe", past: "Put under maybe" },
  exclude: { icon: "square-x", word: "Exclude", past: "Excluded" },
};
const JUDGEMENTS = {
  met: { icon: "circle-check", word: "met", tone: "include" },
  not_met: { icon: "square-x", word: "not met", tone: "exclude" },
  unclear: { icon: "help-hexagon", word: "unclear", tone: "maybe" },
};
const OF_NEGATIVE = { // a criterion that must not be met: what speaks for inclusion is green here too
  met: { icon: "square-x", word: "applies", tone: "exclude" },
  not_met: { icon: "circle-check", word: "does not apply", tone: "include" },
};

export function verdict(name, { chip = false, text = null } = {}) {
  const known = VERDICTS[name] ?? { icon: "circle-dashed", word: name };
  return el("span", { className: `verdict is-${name}${chip ? " is-chip" : ""}` }, icon(known.icon), text ?? known.word);
}

export function judgement(name, polarity = "include") {
  const known = (polarity === "exclude" && OF_NEGATIVE[name]) || JUDGEMENTS[name] || JUDGEMENTS.unclear;
  return el("span", { className: `verdict is-${known.tone}` }, icon("sparkles", "AI:"), icon(known.icon), known.word);
}

export const plain = (text) => String(text ?? "").replaceAll("_", " ");
/** The beginning of a text, never with half of a character. */
export const clip = (text, length = 60) => (text.length > length ? `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "").trimEnd()}…` : text);
/** A text between quotes in a sentence of ours; one that runs from right to left doesn't turn the sentence round. */
export const quoted = (text, length) => (/[\u0590-\u08ff\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/.test(text) ? `“\u2068${clip(text, length)}\u2069”` : `“${clip(text, length)}”`);
