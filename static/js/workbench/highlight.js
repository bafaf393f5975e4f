// Marks in a text: include words, exclude words, quotes of a suggestion, and the section labels of structured abstracts.
// Text in, spans out, then DOM nodes; nothing is ever parsed as markup.
import { el } from "../dom.js";

export const MODES = [["all", "All marks"], ["words", "Words only"], ["quotes", "Quotes only"], ["off", "No marks"]];
const LABELS = /(^|[.;!?)\]]\s+|\n\s*)((?:[A-Z][A-Z&/,-]+ ?){1,5}|Background|Objectives?|Aims?|Methods|Results|Conclusions?|Purpose|Design|Setting|Findings|Interpretation):(?=\s)/g;

const escape = (word) => word.trim().replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[\\p{L}\\p{N}-]*").replace(/\s+/g, "\\s+");

/** One pattern for a list of words and phrases; `*` stands for any ending. Null when the list is empty. */
export function pattern(words = []) {
  const parts = words.filter((word) => word?.trim()).sort((a, b) => b.length - a.length).map(escape);
  return parts.length ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})(?![\\p{L}\\p{N}])`, "giu") : null;
}

function wordSpans(text, regex, kind) {
  return regex ? [...text.matchAll(regex)].map((m) => ({ start: m.index, end: m.index + m[0].length, kind })) : [];
}

function labelSpans(text) {
  return [...text.matchAll(LABELS)].map((m) => {
    const start = m.index + m[1].length;
    return { start, end: start + m[2].length + 1, kind: start === 0 ? "label first" : "label" };
  });
}

/** Python counts code points, JavaScript UTF-16 units: a map from the first to the second where they differ. */
function unitOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (point) => point;
  const starts = [];
  let unit = 0;
  for (const char of text) {
    starts.push(unit);
    unit += char.length;
  }
  return (point) => starts[point] ?? unit;
}

function quoteSpans(text, quotes) {
  const unit = unitOf(text);
  return quotes.map((quote) => ({ start: unit(quote.start), end: unit(quote.end), kind: "quote", id: quote.key }));
}

/** All spans to mark. words: {include, exclude} patterns; quotes: [{start, end, key}] of this text. */
export function spans(text, { words, quotes = [], mode = "all", labels = false }) {
  const withWords = mode === "all" || mode === "words";
  const withQuotes = mode === "all" || mode === "quotes";
  return [
    ...(labels ? labelSpans(text) : []),
    ...(withWords ? [...wordSpans(text, words.include, "include"), ...wordSpans(text, words.exclude, "exclude")] : []),
    ...(withQuotes ? quoteSpans(text, quotes) : []),
  ].filter((span) => span.end > span.start);
}

/** The text as nodes, cut at every border of a span; a piece carries the classes of all spans that cover it. */
export function render(text, marks) {
  const cuts = [...new Set([0, text.length, ...marks.flatMap((m) => [m.start, m.end])])].filter((n) => n >= 0 && n <= text.length);
  cuts.sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    const piece = text.slice(start, cuts[index + 1]);
    const over = marks.filter((m) => m.start <= start && m.end >= cuts[index + 1]);
    if (!over.length) return piece;
    const label = over.find((m) => m.kind.startsWith("label"));
    const kinds = over.filter((m) => m !== label);
    const ids = kinds.filter((m) => m.id).map((m) => m.id).join(" ");
    const className = [...kinds.map((m) => `hl-${m.kind}`), label?.kind].filter(Boolean).join(" ");
    return el(kinds.length ? "mark" : "span", { className: kinds.length ? `hl ${className}` : className, "data-quotes": ids || null }, piece);
  });
}
