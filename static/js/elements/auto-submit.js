// <auto-submit><form method="get">…</form></auto-submit>: filters apply when a choice changes; the button remains for others.
class AutoSubmit extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio]")) event.target.form?.requestSubmit();
    });
  }
}

customElements.define("auto-submit", AutoSubmit);
