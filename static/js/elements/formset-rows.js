// <formset-rows>: "add a row" for a Django formset; without scripts the extra rows that the server wrote remain.
class FormsetRows extends HTMLElement {
  connectedCallback() {
    this.total = this.querySelector(`input[name="${CSS.escape(this.dataset.prefix)}-TOTAL_FORMS"]`);
    const button = this.querySelector("[data-add]");
    if (!this.total || !button) return;
    button.hidden = false;
    button.addEventListener("click", () => this.add());
  }

  add() {
    const index = this.total.value;
    const row = this.querySelector("template").content.cloneNode(true);
    for (const node of row.querySelectorAll("*")) {
      for (const attribute of [...node.attributes]) {
        if (attribute.value.includes("__prefix__")) attribute.value = attribute.value.replaceAll("__prefix__", index);
      }
    }
    this.querySelector("[data-rows]").append(row);
    this.total.value = Number(index) + 1;
    this.querySelector("[data-rows]").lastElementChild.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  }
}

customElements.define("formset-rows", FormsetRows);
