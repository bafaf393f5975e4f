// The select of a record's documents; hidden while there is one.
import { el } from "../dom.js";

export class Choice {
  /** root: the viewer's element; pick(document) opens another. */
  constructor(root, pick) {
    this.field = root.querySelector("[data-pv-choice]");
    const given = root.querySelector('script[type="application/json"]');
    this.documents = given ? JSON.parse(given.textContent) : [];
    this.field.addEventListener("change", () => pick(this.find(Number(this.field.value))));
  }

  find(id) {
    return this.documents.find((document) => document.id === id) ?? null;
  }

  /** others: the documents to choose from (null leaves them as they are). */
  offer(others, document) {
    if (others) this.documents = others;
    if (!this.find(document?.id)) this.documents = [];
    this.field.replaceChildren(...this.documents.map((one) => el("option", { value: String(one.id), selected: one.id === document?.id }, one.name)));
    this.field.hidden = this.documents.length < 2;
  }
}
