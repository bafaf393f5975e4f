// The right-hand side: each criterion with the AI's judgement and quotes once they may be seen, and the AI panel below.
import { el, icon } from "../dom.js";
import { byFallback, examples, members, neighbours, origin } from "./opinion.js";
import { judgement, plain, verdict } from "./words.js";

/** Every verified quote of a suggestion as {key, field, start, end}: what the card can mark. */
export function quotesOf(suggestion) {
  return (suggestion?.criteria ?? []).flatMap((criterion) =>
    (criterion.quotes ?? []).map((q, i) => ({ ...q, key: `${criterion.id}-${i}` })).filter((q) => q.verified));
}

export class Side {
  /** light(key, {move}) marks a quote in the card. */
  constructor(root, light) {
    this.light = light;
    this.side = root.querySelector(".wb-side");
    this.side.addEventListener("scroll", () => (this.scrolled = true), { passive: true });
    this.rows = new Map([...root.querySelectorAll("[data-criterion]")].map((row) => [row.dataset.criterion, row]));
    this.panel = root.querySelector(".wb-ai");
    this.name = root.querySelector("[data-ai-name]");
    this.body = root.querySelector("[data-ai-body]");
  }

  /** state: "none" (AI has no say here), "hidden" (after your vote), "waiting", or "shown". */
  paint(state, suggestion, mine = null) {
    for (const row of this.rows.values()) this.clear(row);
    this.panel.hidden = state === "none";
    this.panel.dataset.state = state;
    this.side.classList.toggle("is-shown", state === "shown");
    const first = this.side.firstElementChild === this.panel;
    if (state === "shown" && !first) this.side.prepend(this.panel); // what it says in short, before its evidence
    else if (state !== "shown" && first) this.side.append(this.panel);
    if (state === "shown") this.show(suggestion, mine);
    else this.tell(state);
    if (this.scrolled) this.side.scrollTop = 0;
    this.scrolled = false;
  }

  tell(state) {
    if (this.told === state) return; // the same words again
    this.told = state;
    this.name.textContent = "";
    const text = state === "waiting" ? "Your vote is in. Fetching the AI’s opinion…" : "Its opinion opens after your vote.";
    this.body.replaceChildren(el("p", { className: "wb-ai-closed" }, icon(state === "waiting" ? "hourglass" : "eye-off"), text));
  }

  clear(row) {
    row.querySelector("[data-judgement]").replaceChildren();
    row.querySelector("[data-evidence]").replaceChildren();
  }

  show(suggestion, mine) {
    this.told = "shown";
    for (const said of suggestion.criteria ?? []) {
      const row = this.rows.get(String(said.id));
      if (!row) continue; // of an older protocol: shown in the panel instead
      row.querySelector("[data-judgement]").replaceChildren(judgement(said.judgement, said.polarity));
      row.querySelector("[data-evidence]").replaceChildren(...this.evidence(said));
    }
    this.name.textContent = suggestion.assistant; // it names its version
    const differs = mine && mine !== suggestion.proposed_verdict;
    this.body.replaceChildren(
      el("p", { className: "wb-ai-verdict" }, verdict(suggestion.proposed_verdict, { chip: true, text: `suggests ${suggestion.proposed_verdict}` }),
        mine ? el("span", { className: "muted" }, differs ? `differs from your ${mine}` : "same as you") : null),
      suggestion.band ? el("p", {}, el("b", {}, plain(suggestion.band)), suggestion.method ? el("span", { className: "muted" }, ` · ${plain(suggestion.method)}`) : null) : "",
      suggestion.percent_in_words ? el("p", {}, suggestion.percent_in_words) : "",
      ...(suggestion.explanation?.members ? members(suggestion.explanation, suggestion.said) : [suggestion.rationale ? el("p", {}, suggestion.rationale) : ""]),
      byFallback(suggestion.explanation ?? {}),
      suggestion.unstable ? el("p", {}, el("span", { className: "tag is-maybe" }, icon("refresh"), "unstable"), " Asked the same again, it said otherwise.") : "",
      ...(suggestion.criteria ?? []).filter((c) => !this.rows.has(String(c.id))).map((c) => el("div", { className: "wb-older" }, judgement(c.judgement, c.polarity), " ", c.label, ...this.evidence(c))),
      ...(suggestion.flags ?? []).map((flag) => el("p", {}, el("span", { className: "tag is-maybe" }, icon("flag"), flag === "split" ? "members disagree" : plain(flag)))),
      suggestion.read ? el("p", { className: "muted" }, suggestion.read) : "",
      neighbours(suggestion.explanation?.neighbours ?? []),
      examples(suggestion.explanation?.examples ?? []),
      suggestion.older ? el("p", {}, el("span", { className: "tag is-maybe" }, icon("history"), `made under version ${suggestion.protocol_version} of the protocol`)) : "",
      el("p", { className: "wb-ai-origin" }, origin(suggestion)),
    );
  }

  evidence(said) {
    const quotes = (said.quotes ?? []).map((quote, index) => this.quote(quote, `${said.id}-${index}`));
    return [said.rationale ? el("p", {}, said.rationale) : null, ...quotes].filter(Boolean);
  }

  quote(quote, key) {
    const where = quote.field === "document" ? "document" : "record";
    if (!quote.verified) return el("p", { className: "wb-quote is-unverified" }, icon("zoom-question"), `“${quote.text}” was not found in the ${where}`);
    const page = quote.field === "document" && quote.page ? el("small", { className: "wb-quote-page" }, `page ${quote.page}`) : null;
    const button = el("button", { type: "button", className: "wb-quote" }, el("span", {}, `“${quote.text}”`), page);
    for (const name of ["pointerenter", "focus"]) button.addEventListener(name, () => this.light(key));
    for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => this.light(this.kept ?? null));
    button.addEventListener("click", () => {
      this.kept = key;
      this.light(key, { move: true });
    });
    return button;
  }
}
