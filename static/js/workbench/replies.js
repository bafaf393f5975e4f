// What comes back from the server: acknowledgements, refusals, the AI's opinion after a vote, and the next records.

const AGAIN_MS = 5_000; // after an answer without news, so long until the queue is asked again

export class Replies {
  constructor(session) {
    this.session = session;
    session.outbox.addEventListener("stored", (event) => this.stored(event.detail));
    session.outbox.addEventListener("refused", (event) => this.refused(event.detail));
    session.outbox.addEventListener("elsewhere", (event) => this.elsewhere(event.detail.entry));
    for (const entry of session.outbox.entries) if (this.ours(entry)) session.trail.decided(entry.payload.record, sent(entry));
    if (session.record?.my_decision) session.trail.forward();
  }

  /** The outbox also carries what was left over from other reviews and stages. */
  ours(entry) {
    const { facts } = this.session;
    return entry.url === facts.decisionsUrl && entry.payload.stage === facts.stage;
  }

  stored({ entry, reply }) {
    const { session } = this;
    if (!this.ours(entry)) return;
    session.progress = reply.progress ?? session.progress;
    session.facts.pilot = reply.pilot ?? session.facts.pilot;
    session.barred = false;
    session.trail.elsewhere.delete(entry.payload.record);
    session.emit("progress");
    session.emit("rules", { rule: reply.rule ?? {}, protocol: reply.protocol, earlier: reply.earlier });
    const record = session.trail.get(entry.payload.record);
    if (record && record.my_decision?.key === entry.key) record.my_decision = { ...reply.decision, judgements: record.my_decision.judgements, key: entry.key };
    const opened = record && reply.suggestion && !record.suggestion;
    if (opened) record.suggestion = reply.suggestion;
    this.supply(reply.next ?? []);
    if (!record || entry.payload.verdict === "withdrawn") return;
    const differs = opened && reply.suggestion.proposed_verdict !== entry.payload.verdict;
    if (session.phase === "waiting" && session.record === record) this.answered(opened && (differs || session.reveal() === "always"));
    else if (differs && session.reveal() !== "never") session.emit("differs", { record });
    else if (opened && session.record === record) session.emit("changed");
  }

  answered(stop) {
    const { session } = this;
    clearTimeout(session.timer);
    if (!stop) return session.move(() => session.trail.forward());
    session.phase = "revealed";
    session.time.restart();
    session.emit("changed");
  }

  /** Refused is one decision (409, 400), which comes back, or the person (403, 404), whose further ones will be too. */
  refused({ entry, problem }) {
    const { session } = this;
    if (!this.ours(entry)) return session.emit("refused", { problem, entry, record: null });
    const id = entry.payload.record;
    const step = session.steps.find((s) => s.key === entry.key);
    session.steps = session.steps.filter((s) => s !== step);
    session.trail.elsewhere.delete(id);
    const record = session.trail.get(id);
    if (record && step) Object.assign(record, { my_decision: step.before, judged: step.judged }); // without a step it was a "keep" or an undo: the earlier vote stands
    if (step && !step.before) session.count(-1);
    const barred = [403, 404].includes(problem.status);
    if (record && !barred) session.outbox.refused.remove(entry.key); // in front of its author again
    if (record && !(barred && session.barred)) session.move(() => session.trail.goTo(id));
    session.barred = barred;
    session.emit("refused", { problem, record, entry });
  }

  /** The same person decided in another tab of this browser. */
  elsewhere(entry) {
    const { session } = this;
    if (!this.ours(entry)) return;
    const record = session.trail.decided(entry.payload.record, entry.payload.verdict === "withdrawn" ? null : sent(entry));
    if (record) session.emit(record === session.record ? "elsewhere" : "changed", { record, verdict: entry.payload.verdict });
  }

  /** New records arrive; if the end had been reached, go on. */
  supply(records) {
    const { session } = this;
    const empty = !session.record;
    session.trail.add(records);
    if (empty && session.trail.upcoming.length) session.move(() => session.trail.draw());
    if (session.trail.upcoming.length < 2 && session.outbox.entries.length < 2) this.more();
  }

  async more() {
    const { session } = this;
    if (this.fetching || this.restUntil > performance.now()) return;
    this.fetching = true;
    const found = await session.fetchMore().catch(() => null);
    const records = found ?? [];
    this.fetching = false;
    session.emit("reach", { cutOff: !found });
    if (!records.some((r) => !session.trail.get(r.id))) this.restUntil = performance.now() + AGAIN_MS;
    else this.supply(records);
  }
}

/** A decision that the server has not acknowledged yet. */
const sent = ({ key, payload: { verdict, reason, override, judgements } }) => ({ verdict, reason, override, judgements: judgements ?? {}, key, pending: true });
