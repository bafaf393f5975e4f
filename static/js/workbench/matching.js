// Finding the entries of highlight lists in a text: word by word, never as a pattern of the writer's own. The work grows
// with the length of the text and the number of entries, whatever stands in them.

const UNSPACED = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}"; // no spaces between words
const tokenOf = (more) => new RegExp(`[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}${more}])+`, "gu");
const WORD = tokenOf("");
const PART = tokenOf("*");
const GAP = /^[\s\p{Pd}/'’]{0,4}$/u; // what may stand between two words of one phrase

/** One spelling for letters that look the same: composed or not, wide or not, whatever their case. */
const fold = (word) => (/^[\x20-\x7e]*$/.test(word) ? word : word.normalize("NFKC")).toLowerCase();

/** The words of a text: [{start, end, word}]. */
export function tokens(text) {
  return [...text.matchAll(WORD)].map((m) => ({ start: m.index, end: m.index + m[0].length, word: fold(m[0]) }));
}

/** Entries made ready for `find`; `*` stands for any letters within a word. Null when there is nothing to look for. */
export function vocabulary(entries = []) {
  const starts = new Map(); // first word -> entries; for a first word with a wildcard, its first letter; "*" for any
  for (const entry of entries) {
    const parts = [...entry.matchAll(PART)].map((m) => fold(m[0]));
    if (!parts.length || parts.some((part) => /^\*+$/.test(part))) continue; // anything at all is nothing to look for
    const made = { entry, parts: parts.map(part) };
    const start = parts[0].includes("*") ? `${parts[0][0]}*` : parts[0];
    starts.set(start, [...(starts.get(start) ?? []), made]);
  }
  return starts.size ? starts : null;
}

/** A word as it must be, or the pieces between its wildcards. */
function part(word) {
  return word.includes("*") ? { pieces: word.split(/\*+/) } : { word };
}

/** First piece at the start, last at the end, the others in order between: one pass, no backtracking. */
function fits({ word, pieces }, found) {
  if (!pieces) return word === found;
  const last = pieces.length - 1;
  if (!found.startsWith(pieces[0]) || !found.endsWith(pieces[last])) return false;
  let at = pieces[0].length;
  for (const piece of pieces.slice(1, last)) {
    const place = found.indexOf(piece, at);
    if (place < 0) return false;
    at = place + piece.length;
  }
  return at + pieces[last].length <= found.length;
}

/** Where entries stand in a text: [{start, end, entry}]; of several that begin at a word, the one of most words. */
export function find(text, words, known) {
  if (!known) return [];
  const found = [];
  for (let at = 0; at < words.length; at += 1) {
    const best = longest(text, words, at, known);
    if (!best) continue;
    const last = at + best.parts.length - 1;
    found.push({ start: words[at].start, end: words[last].end, entry: best.entry });
    at = last;
  }
  return found;
}

function longest(text, words, at, starts) {
  const { word } = words[at];
  let best = null;
  for (const start of [word, `${word[0]}*`, "**"]) {
    for (const made of starts.get(start) ?? []) {
      if (made.parts.length > (best?.parts.length ?? 0) && stands(text, words, at, made.parts)) best = made;
    }
  }
  return best;
}

function stands(text, words, at, parts) {
  return parts.every((one, index) => {
    const word = words[at + index];
    if (!word || !fits(one, word.word)) return false;
    return index === 0 || GAP.test(text.slice(words[at + index - 1].end, word.start));
  });
}
