// <split-pane>: two panes with a divider between them; on a phone, two tabs. Both scroll on their own.
// <split-pane name="full-text" user="7" label="Document and form" start="55"><div data-pane="Document">…</div><div data-pane="Form">…</div></split-pane>
// `start` is the first pane's share in per cent; the share is kept for each user and name in this browser. reveal(node) brings a pane to the front.
// Without scripts the panes stand side by side, or one above the other.
import { announce, el, icon, prefs } from "../dom.js";

const [LEAST, MOST, STEP, LEAP] = [20, 80, 2, 10];
const NARROW = "(max-width: 61.99rem)";
let made = 0;

class SplitPane extends HTMLElement {
  connectedCallback() {
    if (this.divider) return; // moved, not new
    this.panes = [...this.querySelectorAll(":scope > [data-pane]")];
    if (this.panes.length !== 2) return;
    made += 1;
    for (const [index, pane] of this.panes.entries()) pane.id ||= `split-${made}-${index}`;
    this.key = `split:${this.getAttribute("user") ?? ""}:${this.getAttribute("name") ?? ""}`;
    this.divide();
    this.tabs();
    this.narrow = matchMedia(NARROW);
    this.narrow.addEventListener("change", () => this.arrange());
    this.put(Number(prefs.get(this.key)) || this.start, false);
    this.front(Number(this.getAttribute("front")) || 0);
    this.dataset.ready = "yes";
  }

  get start() {
    return Number(this.getAttribute("start")) || 50;
  }

  divide() {
    const label = `Divider: ${this.getAttribute("label") ?? this.panes.map((pane) => pane.dataset.pane).join(" and ")}`;
    this.divider = el("div", { className: "split-divider", role: "separator", tabIndex: 0, "aria-orientation": "vertical", "aria-label": label, "aria-controls": this.panes[0].id,
      "aria-valuemin": String(LEAST), "aria-valuemax": String(MOST), title: "Drag, or use the arrow keys; double-click puts it back" });
    this.panes[0].after(this.divider);
    this.divider.addEventListener("pointerdown", (event) => this.grab(event));
    this.divider.addEventListener("dblclick", () => this.put(this.start));
    this.divider.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const step = event.shiftKey ? LEAP : STEP;
    const to = { ArrowLeft: this.share - step, ArrowRight: this.share + step, Home: LEAST, End: MOST, Enter: this.start }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.put(to);
  }

  grab(event) {
    if (event.button) return;
    event.preventDefault();
    this.divider.focus();
    this.divider.setPointerCapture(event.pointerId);
    const box = this.getBoundingClientRect();
    const stop = new AbortController();
    const listen = (name, act) => this.divider.addEventListener(name, act, { signal: stop.signal });
    listen("pointermove", (move) => this.put(((move.clientX - box.left) / box.width) * 100, false));
    for (const name of ["pointerup", "pointercancel"]) listen(name, () => (stop.abort(), this.put(this.share)));
  }

  /** Give the first pane its share, in per cent. */
  put(share, keep = true) {
    this.share = Math.round(Math.max(LEAST, Math.min(MOST, share)) * 10) / 10;
    this.style.setProperty("--split", `${this.share}%`);
    this.divider.setAttribute("aria-valuenow", String(Math.round(this.share)));
    this.divider.setAttribute("aria-valuetext", `${this.panes[0].dataset.pane} ${Math.round(this.share)} %`);
    if (keep) prefs.set(this.key, String(this.share));
  }

  tabs() {
    this.bar = el("div", { className: "split-tabs", role: "tablist", "aria-label": this.getAttribute("label") ?? "Panes" }, ...this.panes.map((pane, index) =>
      el("button", { type: "button", role: "tab", id: `${pane.id}-tab`, "aria-controls": pane.id, onclick: () => this.front(index) },
        pane.dataset.icon ? icon(pane.dataset.icon) : null, pane.dataset.pane)));
    this.bar.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      event.stopPropagation();
      this.front(1 - this.at);
      this.bar.children[this.at].focus();
    });
    this.prepend(this.bar);
  }

  /** Bring a pane to the front; on a wide screen both are there. */
  front(index) {
    this.at = index;
    this.arrange();
  }

  arrange() {
    const narrow = this.narrow.matches;
    for (const [index, pane] of this.panes.entries()) {
      const on = index === this.at;
      pane.classList.toggle("is-behind", narrow && !on);
      for (const [name, value] of [["role", "tabpanel"], ["aria-labelledby", `${pane.id}-tab`]]) narrow ? pane.setAttribute(name, value) : pane.removeAttribute(name);
      this.bar.children[index].setAttribute("aria-selected", String(on));
      this.bar.children[index].tabIndex = on ? 0 : -1;
    }
  }

  /** On a phone: the tab in which a node stands comes to the front. */
  reveal(node) {
    const index = this.panes?.findIndex((pane) => pane.contains(node)) ?? -1;
    if (index < 0 || index === this.at || !this.narrow.matches) return;
    this.front(index);
    announce(`${this.panes[index].dataset.pane} is in front.`);
  }
}

customElements.define("split-pane", SplitPane);
