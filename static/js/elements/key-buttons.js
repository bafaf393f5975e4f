// <key-buttons>: keys press the buttons inside that name them (data-key); Z presses the undo of the newest message first.
// A button that leaves the page as it is (data-stays) can be pressed again and again.
class KeyButtons extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    document.addEventListener("keydown", (event) => this.press(event), { signal: this.stop.signal });
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  press(event) {
    if (this.sent || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    const button = (key === "z" ? this.undo() : null) ?? this.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    event.preventDefault();
    this.sent = !button.hasAttribute("data-stays"); // one key, one answer: the next page brings the next pair
    button.click();
  }

  undo() {
    return [...document.querySelectorAll(".toast-card form button")].at(-1);
  }
}

customElements.define("key-buttons", KeyButtons);
