// <toast-stack>: messages that leave by themselves (data-timeout, seconds); waiting while hovered or focused.
import { el, icon } from "../dom.js";

class ToastStack extends HTMLElement {
  connectedCallback() {
    for (const card of this.querySelectorAll(".toast-card")) this.adopt(card);
  }

  /** Show a message; action is {label, run}. Returns the card, whose remove() takes it away. */
  show(text, { action = null, timeout = 10, error = false, key = "" } = {}) {
    if (key) this.querySelector(`[data-key="${CSS.escape(key)}"]`)?.remove();
    const card = el("div", { className: `toast-card${error ? " is-error" : ""}`, "data-key": key || null });
    card.append(icon(error ? "alert-triangle" : "check"), el("div", { className: "toast-text" }, text));
    if (action) card.append(el("button", { type: "button", className: "btn btn-sm", onclick: () => (card.remove(), action.run()) }, action.label));
    if (timeout) card.dataset.timeout = timeout;
    this.append(card);
    this.adopt(card);
    return card;
  }

  adopt(card) {
    const close = el("button", { type: "button", className: "icon-button", onclick: () => card.remove() }, icon("x", "Dismiss"));
    card.append(close);
    const seconds = Number(card.dataset.timeout);
    if (!seconds) return;
    let timer = setTimeout(() => card.remove(), seconds * 1000);
    const hold = () => clearTimeout(timer);
    const resume = () => (timer = setTimeout(() => card.remove(), seconds * 500));
    for (const name of ["pointerenter", "focusin"]) card.addEventListener(name, hold);
    for (const name of ["pointerleave", "focusout"]) card.addEventListener(name, () => (hold(), resume()));
  }
}

customElements.define("toast-stack", ToastStack);
