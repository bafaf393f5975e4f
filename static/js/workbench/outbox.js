// Decisions on their way to the server. Each is kept in the browser until the server has acknowledged it, sent in order,
// one at a time, with its own idempotency key: sending twice (two tabs, a lost reply) stores once.
// Events: change, stored {entry, reply}, refused {entry, problem}, signedout {problem}, elsewhere {entry} (another tab).
import { alone } from "./alone.js";
import { Store, before } from "./store.js";

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const ADOPT_MS = 20_000; // so often it looks for what a closed tab left behind

export class Outbox extends EventTarget {
  /** owner: whose decisions (a user id: nobody sends another person's). send(entry) resolves to the reply or throws a Problem. */
  constructor(owner, send) {
    super();
    Object.assign(this, { owner, send, store: Store.waiting(owner), refused: Store.refused(owner), failures: 0, sending: null });
    this.entries = this.store.all();
    this.store.watch((entry) => this.emit("elsewhere", { entry }), (key) => this.forget(key));
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.adopt(true));
    setInterval(() => this.adopt(), ADOPT_MS);
  }

  /** about: {title, reason} in words, for the people who may have to read what was refused. */
  add(url, payload, about = {}) {
    const seq = 1 + Math.max(0, ...[...this.entries, ...this.store.all()].map((entry) => entry.seq ?? 0));
    const entry = { key: payload.idempotency_key, seq, url, payload, about };
    this.entries.push(entry);
    entry.kept = this.store.put({ ...entry, kept: true });
    this.emit("change");
    setTimeout(() => this.pump()); // the next record is painted first
  }

  /** Take back decisions on a record that have not left yet, from `key` on; true when `key` itself was among them. */
  cancel(record, key) {
    const from = this.entries.findIndex((entry) => entry.key === key);
    const gone = (stored) => !stored || stored.tried; // by another tab
    const left = (e) => e.tried || e === this.sending || (e.kept && gone(this.store.get(e.key)));
    const unsent = this.entries.filter((e, i) => e.payload.record === record && i >= from && !left(e));
    unsent.forEach((entry) => this.drop(entry));
    return unsent.some((entry) => entry.key === key);
  }

  /** Whether a decision has not left yet, and can be taken back without a word to the server. */
  holds(key) {
    return this.entries.some((entry) => entry.key === key && !entry.tried);
  }

  /** Take over what another tab left behind; now: try everything again at once. */
  adopt(now = false) {
    const left = this.store.all().filter((stored) => !this.entries.some((entry) => entry.key === stored.key));
    if (left.length) this.entries = [...this.entries, ...left].sort(before);
    else if (!now) return;
    this.emit("change");
    this.pump();
  }

  async pump() {
    clearTimeout(this.timer);
    while (!this.sending && this.entries.length) {
      this.sending = this.entries[0];
      this.emit("change");
      const going = await alone(`reviewapp:outbox:${this.owner}`, () => this.attempt(this.sending)).finally(() => (this.sending = null));
      this.emit("change");
      if (!going) return;
    }
  }

  /** Send one; true: go on with the next, false: wait first. */
  async attempt(entry) {
    if (entry.kept && !this.store.get(entry.key)) return this.forget(entry.key), true; // another tab sent it, or took it back
    entry.tried = true; // from here on the server may know of it, whatever we hear
    if (entry.kept) this.store.put(entry);
    try {
      const reply = await this.send(entry);
      this.failures = 0;
      this.drop(entry);
      this.emit("stored", { entry, reply });
      return true;
    } catch (problem) {
      return this.failed(entry, problem);
    }
  }

  /** What the server refused is put aside with its reason, and lost only when somebody throws it away. */
  failed(entry, problem) {
    if (!problem.passing) {
      this.refused.put({ ...entry, why: problem.message, status: problem.status });
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

  /** Whether something would be lost with this tab. */
  get unkept() {
    return this.entries.some((entry) => !entry.kept);
  }

  drop(entry) {
    this.store.remove(entry.key);
    this.forget(entry.key);
  }

  forget(key) {
    this.entries = this.entries.filter((entry) => entry.key !== key);
    this.emit("change");
  }

  emit(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
