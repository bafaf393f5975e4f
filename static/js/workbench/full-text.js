// The full text beside the criteria: the document of the record in front, the next one fetched ahead, quotes lit in it.
// At other stages there is no viewer on the page: then quotes stand in the card alone.
import { el } from "../dom.js";
import { withId } from "./addresses.js";
import { clip } from "./words.js";

const AHEAD_MS = 1_500; // let the document in front come first

export class FullText {
  /** card: the record's card; quotes(): the verified quotes of the suggestion that is shown. */
  constructor(root, card, quotes) {
    Object.assign(this, { root, card, quotes });
    this.viewer = root.querySelector("pdf-viewer");
    this.abstract = root.querySelector(".ft-abstract");
    this.retrieval = root.querySelector("[data-ft-retrieval]");
  }

  /** The record that is now in front, and the one that comes after it; null for none. */
  paint(record, next = null) {
    if (!this.viewer) return;
    const document = record?.document ?? null;
    this.root.classList.toggle("has-document", Boolean(document));
    if (this.record !== record?.id) this.abstract.open = !document;
    this.record = record?.id;
    if (this.retrieval && record) this.retrieval.href = withId(this.retrieval.dataset.ftRetrieval, record.id);
    if (this.viewer.document?.id !== document?.id) this.viewer.open(document);
    clearTimeout(this.timer);
    if (next?.document) this.timer = setTimeout(() => this.fetchAhead(next.document.url), AHEAD_MS);
  }

  /** Into the browser's cache, at its lowest priority; once for each file. */
  fetchAhead(href) {
    if (this.ahead?.getAttribute("href") === href) return;
    this.ahead?.remove();
    this.ahead = el("link", { rel: "prefetch", href });
    document.head.append(this.ahead);
  }

  /** Light up a quote by its key, wherever it stands; move: go there. Null puts all lights out. */
  light(key, { move = false } = {}) {
    const quote = key ? this.quotes().find((one) => one.key === key) : null;
    const inDocument = quote?.field === "document";
    if (this.viewer && move && !inDocument) this.abstract.open = true;
    this.card.light(inDocument ? null : key, { move });
    if (!this.viewer) return;
    if (!quote) this.viewer.clear();
    else if (inDocument && move) this.show(quote);
  }

  show(quote) {
    const parts = quote.parts?.length ? quote.parts : [[quote.page, quote.start, quote.end]];
    this.viewer.highlight(parts.map(([page, start, end]) => ({ page, start, end })), { label: `“${clip(quote.text, 80)}”`, document: quote.document });
  }
}
