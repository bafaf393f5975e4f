// Marks in a text: the words of three kinds of lists, quotes of a suggestion, and the section labels of structured
// abstracts. Text in, spans out, then DOM nodes; nothing is ever parsed as markup.
import { el } from "../dom.js";
import { find, tokens, vocabulary } from "./matching.js";

const LABELS = /(^|[.;!?)\]]\s+|\n\s*)((?:[A-Z][A-Z&/,-]+ ?){1,5}|Background|Objectives?|Aims?|Methods|Results|Conclusions?|Purpose|Design|Setting|Findings|Interpretation):(?=\s)/g;

/** What the server says of a review's lists, ready to be looked for: [{layer, kind, facet, known}]. */
export function prepared({ include, exclude, pico = {}, search } = {}) {
  const lists = [
    { layer: "words", kind: "include", known: vocabulary(include) },
    { layer: "words", kind: "exclude", known: vocabulary(exclude) },
    ...Object.entries(pico).map(([facet, words]) => ({ layer: "pico", kind: "pico", facet, known: vocabulary(words) })),
    { layer: "search", kind: "search", known: vocabulary(search) },
  ];
  return lists.filter((list) => list.known);
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

function wordSpans(text, lists, first) {
  if (!lists.length) return [];
  const words = tokens(text);
  return lists.flatMap(({ kind, facet, known }) =>
    find(text, words, known)
      .filter(({ entry }) => !first || !first.has(`${kind}${facet} ${entry}`) && first.add(`${kind}${facet} ${entry}`))
      .map(({ start, end }) => ({ start, end, kind, facet })));
}

/** All spans to mark. lists: as `prepared`; quotes: [{start, end, key}] of this text; first: a Set of what was marked
 *  before, where only first occurrences are; labels: mark section labels too. */
export function spans(text, { lists = [], quotes = [], first = null, labels = false }) {
  const all = [...(labels ? labelSpans(text) : []), ...wordSpans(text, lists, first), ...quoteSpans(text, quotes)];
  return all.filter((span) => span.end > span.start);
}

/** The text as nodes, cut at every border of a span; a piece carries the classes of all spans that cover it. */
export function render(text, marks) {
  const cuts = [...new Set([0, text.length, ...marks.flatMap((m) => [m.start, m.end])])].filter((n) => n >= 0 && n <= text.length);
  cuts.sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    const over = marks.filter((m) => m.start <= start && m.end >= cuts[index + 1]);
    const piece = text.slice(start, cuts[index + 1]);
    return over.length ? node(piece, over, start) : piece;
  });
}

function node(piece, over, start) {
  const label = over.find((m) => m.kind.startsWith("label"));
  const kinds = [...new Set(over.filter((m) => m !== label).map((m) => `hl-${m.kind}`))];
  if (!kinds.length) return el("span", { className: label.kind }, piece);
  const facets = [...new Set(over.filter((m) => m.facet && m.start === start).map((m) => m.facet))].join("");
  const ids = over.filter((m) => m.id).map((m) => m.id).join(" ");
  // a mark inside for each line that the one outside can't draw as well: one element has one underline, and a letter none
  const lines = ["hl-include", "hl-exclude"].filter((kind) => kinds.includes(kind));
  const inner = facets ? lines : lines.slice(1);
  const outer = kinds.filter((kind) => !inner.includes(kind));
  const inside = inner.reduceRight((text, kind) => el("mark", { className: `hl ${kind}` }, text), piece);
  return el("mark", { className: ["hl", ...outer, label?.kind].filter(Boolean).join(" "), "data-quotes": ids || null, "data-facet": facets || null }, inside);
}
