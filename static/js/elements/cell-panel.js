// <cell-panel>: a link of a cell opens where its value comes from in a dialog. Without it, and with a modifier key, the
// link leads to the page of the cell.
class CellPanel extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.addEventListener("click", (event) => this.click(event));
  }

  click(event) {
    if (event.target.closest("[data-close]") || event.target === this.dialog) {
      this.dialog.close();
      return;
    }
    const link = event.target.closest("td a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.open(link);
  }

  async open(link) {
    const panel = this.dialog.querySelector("[data-panel]");
    panel.textContent = "Loading…";
    if (!this.dialog.open) this.dialog.showModal();
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const part = new DOMParser().parseFromString(await answer.text(), "text/html"); // our own template; inert until placed
      panel.replaceChildren(...part.body.childNodes);
    } catch {
      panel.textContent = "It can’t be loaded now. Nothing is lost: try again, or open the cell in a new tab.";
    }
  }
}

customElements.define("cell-panel", CellPanel);
