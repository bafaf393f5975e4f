// One sitting at the workbench: what a vote, an undo and a reply of the server do to the trail of records.
// Knows no DOM. Events: moved (another record), changed (same record, new state), progress, said {verdict, record},
// disputed {said, suggested, then} (the AI that they had seen says otherwise: `then` goes on with the reason why),
// refused {problem, record, entry}, differs {record} (the AI disagreed with a vote that was not stopped for), undostub
// {step}, elsewhere {record} (decided in another tab), rules {rule} (what the server now asks at this stage), reach
// {cutOff} (whether the queue could be asked).

import { Replies } from "./replies.js";
import { about, decision, disputed } from "./deciding.js";

const REVEAL_WAIT_MS = 1_500; // so long may the AI's opinion take before the next record comes without it

export class Session extends EventTarget {
  /** facts: {stage, decisionsUrl, oversight, aiPresent, pilot, reasonOf(id) and overrideOf(code) -> their texts}; reveal(): always | differs | never; fetchMore() -> records; time: ActiveTime */
  constructor({ trail, outbox, time, facts, reveal, progress, fetchMore }) {
    super();
    Object.assign(this, { trail, outbox, time, facts, reveal, progress, fetchMore });
    this.steps = trail.seen.filter((r) => r.stub).map((r) => ({ id: r.id, before: null, key: null }));
    this.phase = "reading"; // reading | waiting (voted, AI's opinion on its way) | revealed (keep or change)
    this.replies = new Replies(this);
  }

  get record() {
    return this.trail.current;
  }

  /** A person's vote on the record in front of them; override: why it is not what the AI had suggested to them (AI-11). */
  vote(verdict, reason = null, override = "") {
    const record = this.record;
    if (!record || record.stub || this.phase === "waiting") return;
    if (this.phase === "revealed" && verdict === record.my_decision?.verdict && reason === (record.my_decision.reason ?? null)) return this.keep(override);
    if (!override && disputed(record, verdict, this.facts.stage)) return this.ask(verdict, (why) => this.vote(verdict, reason, why));
    const before = record.my_decision ?? null;
    const first = !before && !record.suggestion;
    const key = this.send(record, verdict, reason, override);
    this.steps.push({ id: record.id, before, key, judged: record.judged });
    if (!before) this.count(1);
    this.emit("said", { verdict, record });
    if (first && this.facts.oversight === "blind_first" && this.facts.aiPresent && this.reveal() !== "never") this.await(record);
    else this.move(() => this.trail.forward());
  }

  /** After the AI's opinion: the vote stands; that is recorded too. */
  keep(override = "") {
    if (this.phase !== "revealed") return;
    const { verdict, reason } = this.record.my_decision;
    if (!override && disputed(this.record, verdict, this.facts.stage)) return this.ask(verdict, (why) => this.keep(why));
    this.send(this.record, verdict, reason ?? null, override);
    this.move(() => this.trail.forward());
  }

  ask(said, then) {
    this.emit("disputed", { said, suggested: this.record.suggestion.proposed_verdict, then });
  }

  undo(override = "") {
    const step = this.steps.pop();
    if (!step) return;
    this.trail.goTo(step.id);
    const record = this.record;
    if (record.stub) return this.emit("undostub", { step }); // of an earlier sitting: fetched first
    if (!step.key && !record.my_decision) return this.undo(); // taken back already, then
    const why = step.before?.override || override;
    if (step.before && !why && !this.outbox.holds(step.key) && disputed(record, step.before.verdict, this.facts.stage)) {
      this.steps.push(step); // what was said before is said again, now knowing what the AI suggests
      this.move(() => true);
      return this.ask(step.before.verdict, (said) => this.undo(said));
    }
    record.judged = step.before ? (step.before.judgements ?? {}) : (step.judged ?? record.my_decision.judgements ?? {});
    if (step.key && this.outbox.cancel(record.id, step.key)) record.my_decision = step.before;
    else this.send(record, step.before?.verdict ?? "withdrawn", step.before?.reason ?? null, why);
    if (!step.before) this.reopen(record);
    if (!step.before) this.count(-1);
    this.move(() => true);
    this.emit("said", { verdict: "withdrawn", record });
  }

  /** Undecided again: what only opens after the vote closes with it. */
  reopen(record) {
    record.my_decision = null;
    if (this.facts.oversight === "blind_first") record.suggestion = null;
  }

  walk(step) {
    return this.phase !== "waiting" && this.trail.walk(step) ? (this.move(() => true), true) : false;
  }

  send(record, verdict, reason, override = "") {
    const payload = decision(record, { verdict, reason, override, seconds: this.time.read(), facts: this.facts });
    this.time.restart();
    record.my_decision = { verdict, reason, override, judgements: record.judged ?? {}, key: payload.idempotency_key, pending: true };
    this.outbox.add(this.facts.decisionsUrl, payload, about(record, { reason, override }, this.facts));
    return payload.idempotency_key;
  }

  /** In a pilot round, how many of its records this person has screened. */
  count(by) {
    if (this.facts.pilot) this.facts.pilot.mine_done += by;
  }

  await(record) {
    this.phase = "waiting";
    this.emit("changed");
    this.timer = setTimeout(() => this.phase === "waiting" && this.record === record && this.move(() => this.trail.forward()), REVEAL_WAIT_MS);
  }

  move(step) {
    clearTimeout(this.timer);
    this.phase = "reading";
    step();
    this.time.restart();
    this.emit("moved");
    if (!this.record) this.replies.more();
  }

  emit(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
