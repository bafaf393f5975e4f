// <notice-bell data-src data-unread>: asks now and then, while the page is looked at, how many notifications are unread.
import { announce } from "../dom.js";

const EVERY = 60_000;

class NoticeBell extends HTMLElement {
  connectedCallback() {
    this.unread = Number(this.dataset.unread);
    this.asked = Date.now();
    this.timer = setInterval(() => this.ask(), EVERY);
    this.seen = () => this.ask();
    document.addEventListener("visibilitychange", this.seen);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  async ask() {
    if (document.hidden || Date.now() - this.asked < EVERY - 1_000) return;
    this.asked = Date.now();
    try {
      const reply = await fetch(this.dataset.src, { headers: { Accept: "application/json" }, redirect: "error" });
      if (reply.ok) this.show(await reply.json());
    } catch {
      /* away for a while: the old count stands until the next time */
    }
  }

  show({ unread, most }) {
    const more = unread - this.unread;
    this.unread = unread;
    const badge = this.querySelector(".bell-count");
    badge.textContent = unread >= most ? `${most - 1}+` : String(unread);
    badge.hidden = !unread;
    this.querySelector("[data-said]").textContent = unread ? `: ${unread} unread` : "";
    if (more > 0) announce(more === 1 ? "1 new notification" : `${more} new notifications`);
  }
}

customElements.define("notice-bell", NoticeBell);
