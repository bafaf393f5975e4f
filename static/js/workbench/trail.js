// The records of this sitting: those seen, in order, with a position among them; and those that come next.

export class Trail {
  /** upcoming: QueueRecords from the server; recent: ids decided in earlier sittings, oldest first (fetched when walked to). */
  constructor(upcoming, recent = []) {
    this.seen = recent.filter((id) => !upcoming.some((record) => record.id === id)).map((id) => ({ id, stub: true }));
    this.upcoming = [];
    this.elsewhere = new Set(); // decided in another tab or an earlier sitting, and not stored yet
    this.at = this.seen.length;
    this.add(upcoming);
    this.draw();
  }

  get current() {
    return this.seen[this.at] ?? null;
  }

  get(id) {
    return this.seen.find((r) => r.id === id) ?? this.upcoming.find((r) => r.id === id) ?? null;
  }

  /** Ids in hand that the server need not send again: undecided ones, and those whose decision is on its way. */
  held() {
    const open = this.seen.filter((r) => !r.stub && (!r.my_decision || r.my_decision.pending));
    return [...this.elsewhere, ...[...open, ...this.upcoming].map((record) => record.id)].slice(-100);
  }

  /** A record was decided elsewhere: it doesn't come by itself any more. Returns it where it is among the seen. */
  decided(id, decision) {
    this.elsewhere.add(id);
    this.upcoming = this.upcoming.filter((record) => record.id !== id);
    const record = this.seen.find((r) => r.id === id && !r.stub) ?? null;
    if (record) record.my_decision = decision;
    return record;
  }

  /** New records from the server; those already here are left as they are. */
  add(records) {
    for (const record of records) if (!this.get(record.id) && !this.elsewhere.has(record.id)) this.upcoming.push(undecided(record));
  }

  /** A stub gets its content. */
  fill(record) {
    const index = this.seen.findIndex((r) => r.id === record.id);
    if (index >= 0) this.seen[index] = undecided(record);
  }

  /** On to the next undecided record, past those decided already; null when none is here. */
  forward() {
    this.at += 1;
    while (this.current?.my_decision || this.current?.stub) this.at += 1;
    this.draw();
    return this.current;
  }

  /** If the position is past the end, take the next record in. */
  draw() {
    this.at = Math.min(this.at, this.seen.length);
    if (this.at === this.seen.length && this.upcoming.length) this.seen.push(this.upcoming.shift());
  }

  /** Walk among the seen; false at either end. */
  walk(step) {
    const to = this.at + step;
    if (to < 0 || to >= this.seen.length) return false;
    this.at = to;
    return true;
  }

  goTo(id) {
    const index = this.seen.findIndex((record) => record.id === id);
    if (index >= 0) this.at = index;
    return index >= 0;
  }
}

/** A decision that was taken back counts as none. */
function undecided(record) {
  return record.my_decision?.verdict === "withdrawn" ? { ...record, my_decision: null } : record;
}
