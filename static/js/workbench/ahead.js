// The cards of the records that come next are made while nobody waits, so that a key only puts them in place.
const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));

export class Ahead {
  /** make(record) -> the parts of a card; mark(record) -> what they depend on besides the record, as a string. */
  constructor(make, mark) {
    Object.assign(this, { make, mark, kept: new Map(), asked: false });
  }

  /** The parts of a record; each can be put into a page once. */
  take(record) {
    const there = this.kept.get(record.id);
    this.kept.delete(record.id);
    return there?.record === record && there.mark === this.mark(record) ? there.parts : this.make(record);
  }

  /** Make those of these records that are not there yet, one at a time; forget all others. */
  plan(records) {
    this.wanted = records;
    if (this.asked) return;
    this.asked = true;
    later(() => this.work(), { timeout: 1_000 });
  }

  work() {
    this.asked = false;
    for (const id of this.kept.keys()) if (!this.wanted.some((record) => record.id === id)) this.kept.delete(id);
    const stale = (record) => this.kept.get(record.id)?.record !== record || this.kept.get(record.id).mark !== this.mark(record);
    const next = this.wanted.find(stale);
    if (!next) return;
    this.kept.set(next.id, { record: next, mark: this.mark(next), parts: this.make(next) });
    this.plan(this.wanted);
  }
}
