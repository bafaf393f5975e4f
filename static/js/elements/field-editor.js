// <field-editor>: shows the parts that a field's kind and tier need, and loses nothing that was typed:
// going to another field saves this one first; any other way off the page asks.
import { bringInto } from "./bring-into.js";

class FieldEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.dirty = false;
    this.leaving = new AbortController();
    const options = { signal: this.leaving.signal };
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("click", (event) => this.clicked(event), options);
    document.addEventListener("submit", (event) => (this.dirty &&= event.target !== this.form), options);
    addEventListener("beforeunload", (event) => this.dirty && event.preventDefault(), options);
    document.addEventListener("htmx:afterSettle", () => this.look(), options);
    this.fit();
    this.look();
  }

  /** The preview shows the field that is being edited. */
  look() {
    const frame = document.getElementById("form-preview");
    bringInto(frame, frame?.querySelector(".is-current"));
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  changed() {
    this.dirty = true;
    this.querySelector("[data-unsaved]").hidden = false;
    this.fit();
  }

  /** Parts without faults that this kind or tier has no use for are folded away. */
  fit() {
    const { kind, tier } = this.form.elements;
    for (const part of this.querySelectorAll(".editor-part")) {
      const wanted = part.dataset.kinds ? part.dataset.kinds.split(" ").includes(kind?.value) : part.dataset.tiers === tier?.value;
      part.hidden = !wanted && !part.querySelector(".errorlist");
    }
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
  }

  clicked(event) {
    const row = event.target.closest?.("a[data-at]");
    if (!row || !this.dirty || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.form.elements.next.value = row.dataset.at;
    this.form.requestSubmit();
  }
}

customElements.define("field-editor", FieldEditor);
