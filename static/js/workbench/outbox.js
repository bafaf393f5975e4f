// Decisions on their way to the server. Each is kept in the browser until the server has acknowledged it, sent in order,
// one at a time, with its own idempotency key: sending twice (two tabs, a lost reply) stores once.
// Events: change, stored {entry, reply}, refused {entry, problem}, signedout {problem}.

const PREFIX = "reviewapp:decision";
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export class Outbox extends EventTarget {
  /** owner: whose decisions (a user id: nobody sends another person's). send(entry) resolves to the reply or throws a Problem. */
  constructor(owner, send) {
    super();
    this.prefix = `${PREFIX}:${owner}:`;
    this.send = send;
    this.entries = this.load();
    this.failures = 0;
    this.sending = null;
    window.addEventListener("online", () => this.pump());
    window.addEventListener("pagehide", () => this.entries.forEach((entry) => this.keep(entry)));
  }

  add(url, payload) {
    const entry = { key: payload.idempotency_key, at: Date.now() + this.entries.length / 1e3, url, payload };
    this.entries.push(entry);
    this.keep(entry);
    this.emit("change");
    setTimeout(() => this.pump()); // the next record is painted first
  }

  /** Take back decisions on a record that have not left yet, from `key` on; true when `key` itself was among them. */
  cancel(record, key) {
    const from = this.entries.findIndex((entry) => entry.key === key);
    const unsent = this.entries.filter((e, i) => e.payload.record === record && e !== this.sending && i >= from && !e.tried);
    unsent.forEach((entry) => this.drop(entry));
    return unsent.some((entry) => entry.key === key);
  }

  async pump() {
    clearTimeout(this.timer);
    while (!this.sending && this.entries.length) {
      const entry = (this.sending = this.entries[0]);
      this.emit("change");
      try {
        entry.tried = true; // from here on the server may know of it, whatever we hear
        const reply = await this.send(entry);
        this.failures = 0;
        this.drop(entry);
        this.emit("stored", { entry, reply });
      } catch (problem) {
        if (!(await this.failed(entry, problem))) return;
      } finally {
        this.sending = null;
        this.emit("change");
      }
    }
  }

  /** After a failure: drop what the server refused and go on (true), or wait and try again (false). */
  async failed(entry, problem) {
    if (!problem.passing) {
      this.drop(entry);
      this.emit("refused", { entry, problem });
      return true;
    }
    const pause = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] * (0.8 + Math.random() * 0.4);
    this.failures += 1;
    if (problem.signedOut) this.emit("signedout", { problem });
    this.timer = setTimeout(() => this.pump(), Math.max(pause, problem.retryAfter * 1000));
    return false;
  }

  get waiting() {
    return this.failures ? this.entries.length : 0;
  }

  load() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      return keys.map((key) => JSON.parse(localStorage.getItem(key))).sort((a, b) => a.at - b.at);
    } catch {
      return [];
    }
  }

  keep(entry) {
    try {
      localStorage.setItem(this.prefix + entry.key, JSON.stringify(entry));
    } catch {
      /* storage full or forbidden: it stays in memory, and closing the tab asks first (see main.js) */
      this.unkept = true;
    }
  }

  drop(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    try {
      localStorage.removeItem(this.prefix + entry.key);
    } catch {
      /* nothing was kept */
    }
  }

  emit(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
