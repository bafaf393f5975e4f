// What stands below the AI's verdict: the members of a panel, the records that it was shown or that moved it, who says so.
import { el, icon } from "../dom.js";
import { inFull } from "../elements/relative-time.js";
import { verdict } from "./words.js";

/** What each member of a panel says, and whoever was asked where they do not all include. */
export function members({ members: said, adjudicator }, by = []) {
  const made = (one) => by.find((other) => (one.suggestion ? other.suggestion === one.suggestion : other.role === "adjudicator"));
  const whence = (one) => [one.model, made(one)?.card, made(one)?.prompt].filter(Boolean).join(" · ");
  const row = (one, note) => el("li", {}, verdict(one.verdict), " ", el("b", {}, one.assistant), el("span", { className: "muted" }, ` · ${whence(one)}${note}`), el("p", {}, one.rationale || one.why), byFallback(one));
  const last = adjudicator ? [row(adjudicator, adjudicator.raised ? " · asked as well; it raised the verdict" : " · asked as well")] : [];
  return [el("ul", { className: "wb-ai-members" }, ...said.map((one) => row(one, "")), ...last)];
}

/** That another model than the assistant's own answered: of an explanation, or a member. */
export function byFallback({ fallback }) {
  if (!fallback) return "";
  return el("p", {}, el("span", { className: "tag is-maybe" }, icon("player-track-next"), "answered by a fallback"), ` ${fallback.card}, instead of ${fallback.instead_of}`);
}

export function neighbours(list) {
  if (!list.length) return "";
  const items = list.map((n) => el("li", {}, verdict(n.verdict), " ", n.title, el("span", { className: "muted" }, ` · similarity ${Number(n.similarity).toFixed(2)}`)));
  return el("details", {}, el("summary", {}, `Decided records that moved it (${list.length})`), el("ul", {}, ...items));
}

export function examples(list) {
  if (!list.length) return "";
  const items = list.map((one) => el("li", {}, verdict(one.verdict), " ", one.title));
  return el("details", {}, el("summary", {}, `Settled records that it was shown as examples (${list.length})`), el("ul", {}, ...items));
}

export function origin(suggestion) {
  const made = suggestion.created_at ? inFull(new Date(suggestion.created_at)) : "";
  const engine = suggestion.engine === "local" ? "offline engine, not an LLM" : suggestion.engine;
  return [`AI · ${engine}`, suggestion.model, suggestion.card, suggestion.prompt, made].filter(Boolean).join(" · ");
}
