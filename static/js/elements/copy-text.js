// <copy-text><pre>…</pre></copy-text>: a button that copies the whole text. Without JavaScript there is the text.
class CopyText extends HTMLElement {
  connectedCallback() {
    const text = this.querySelector("pre");
    if (!text || this.querySelector("button")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "Copy" });
    button.addEventListener("click", () => this.copy(text, button));
    this.prepend(button);
  }

  /** Where the browser does not let a page copy, the text is selected instead. */
  async copy(text, button) {
    const copied = navigator.clipboard ? await navigator.clipboard.writeText(text.textContent).then(() => true, () => false) : false;
    if (!copied) getSelection().selectAllChildren(text);
    button.textContent = copied ? "Copied" : "Selected: press Ctrl and C";
    setTimeout(() => (button.textContent = "Copy"), 3000);
  }
}

customElements.define("copy-text", CopyText);
