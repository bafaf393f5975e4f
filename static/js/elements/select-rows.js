// <select-rows><form>…</form></select-rows>: one box for all rows of the page, and how many are selected.
class SelectRows extends HTMLElement {
  connectedCallback() {
    this.all = this.querySelector("[data-all]");
    this.said = this.querySelector("[data-count]");
    if (!this.all) return;
    this.all.hidden = false;
    this.all.addEventListener("change", () => {
      for (const box of this.boxes()) box.checked = this.all.checked;
      this.tell();
    });
    this.addEventListener("change", (event) => {
      if (event.target.name === "record") this.tell();
    });
    this.tell();
  }

  boxes() {
    return [...this.querySelectorAll("input[name=record]")];
  }

  tell() {
    const boxes = this.boxes();
    const picked = boxes.filter((box) => box.checked).length;
    this.all.checked = picked === boxes.length;
    this.all.indeterminate = picked > 0 && picked < boxes.length;
    this.said.textContent = picked ? `${picked} selected` : "Select all on this page";
  }
}

customElements.define("select-rows", SelectRows);
