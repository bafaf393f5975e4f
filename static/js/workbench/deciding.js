// What a decision says to the server, and whether it is another than the AI had suggested to its author (AI-11).
import { uuid } from "./uuid.js";

// A maybe goes on with the includes at title and abstract, and is a side of its own at full text: as records are settled.
const side = (verdict, stage) => (verdict === "maybe" && stage !== "full_text" ? "include" : verdict);

/** Whether the AI had suggested another side, and this person has it before them. */
export function disputed(record, verdict, stage) {
  return verdict !== "withdrawn" && Boolean(record.suggestion) && side(record.suggestion.proposed_verdict, stage) !== side(verdict, stage);
}

/** A decision as the API takes it. seconds: of active time; facts: as a session has them. */
export function decision(record, { verdict, reason, override, seconds, facts }) {
  const { stage, protocol } = facts;
  const payload = { record: record.id, stage, verdict, reason, idempotency_key: uuid(), seconds, citing: record.suggestion?.id ?? null, protocol };
  const judgements = record.judged ?? {};
  if (verdict !== "withdrawn" && Object.keys(judgements).length) payload.judgements = judgements;
  if (override && disputed(record, verdict, stage)) payload.override = override;
  return payload;
}

/** What is kept beside it for people, should it not be stored: of which record it is, and why. */
export function about(record, { reason, override }, facts) {
  const why = [facts.reasonOf?.(reason), facts.overrideOf?.(override)];
  return { title: record.title, reason: why.filter(Boolean).join(" · ") };
}
