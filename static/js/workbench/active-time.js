// Seconds somebody was at work on a record: pauses while the page is hidden, and counts at most 60 s without a sign of life.
const IDLE_MS = 60_000;
const SIGNS = ["keydown", "pointermove", "pointerdown", "wheel", "touchmove", "scroll"];

export class ActiveTime {
  constructor() {
    this.restart();
    const sign = () => this.touch();
    for (const name of SIGNS) document.addEventListener(name, sign, { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => {
      this.touch();
      this.paused = document.hidden;
    });
  }

  restart() {
    this.spent = 0;
    this.last = performance.now();
    this.paused = document.hidden;
  }

  touch() {
    const now = performance.now();
    if (!this.paused) this.spent += Math.min(now - this.last, IDLE_MS);
    this.last = now;
  }

  /** Seconds so far, to a tenth. */
  read() {
    this.touch();
    return Math.round(this.spent / 100) / 10;
  }
}
