// <relative-time><time datetime title="… UTC"></time></relative-time>: the reader's zone, UTC on hover.
const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** "3 minutes ago" for a Date; a date and time when it is more than a week away. */
export function relative(date, now = Date.now()) {
  const seconds = (date.getTime() - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  if (Math.abs(seconds) > 7 * 86400) return full.format(date);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  return ago.format(Math.round(seconds / size), unit);
}

export const inFull = (date) => full.format(date);

class RelativeTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const date = new Date(time?.dateTime ?? "");
    if (Number.isNaN(date.getTime())) return;
    const paint = () => (time.textContent = this.hasAttribute("absolute") ? full.format(date) : relative(date));
    paint();
    this.timer = setInterval(paint, 60_000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }
}

customElements.define("relative-time", RelativeTime);
