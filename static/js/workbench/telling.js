// Turns what happens to decisions into sentences: differences, refusals, other tabs, changed rules, a lost connection.
import { announce } from "../dom.js";
import { quoted } from "./words.js";

/** asked: what the stage asks of a decision, kept up to date here. Returns a function that tells anew what is on its way. */
export function tell({ session, outbox, view, asked }) {
  const { notices } = view;
  const reload = { label: "Reload", run: () => location.reload() };
  session.addEventListener("differs", ({ detail: { record } }) => notices.toast(`AI suggests ${record.suggestion.proposed_verdict} for the record you just decided.`, {
    key: "differs", action: { label: "Look", run: () => session.move(() => session.trail.goTo(record.id)) } }));
  session.addEventListener("refused", ({ detail: { problem, record, entry } }) => {
    notices.unsay(record);
    const about = record ? "The record is in front of you again; your decision on it was not stored."
      : `Your decision on ${quoted(entry.about?.title || "another record")} was not stored; it is kept in this browser.`;
    notices.toast(`${problem.message} ${about}`, { error: true, timeout: 0, key: "refused", action: record ? reload : null });
  });
  session.addEventListener("elsewhere", ({ detail: { verdict } }) => {
    view.paint({ keepPlace: true });
    notices.toast(verdict === "withdrawn" ? "You took your decision on this record back in another tab." : `You decided this record in another tab: ${verdict}.`, { key: "elsewhere" });
  });
  session.addEventListener("rules", ({ detail: { rule, protocol, earlier } }) => {
    const other = Object.keys(asked).filter((name) => name in rule && rule[name] !== asked[name]);
    for (const name of other) asked[name] = rule[name];
    const amended = protocol && session.facts.protocol && protocol !== session.facts.protocol;
    if (other.length || amended) notices.stale(`${amended ? "The protocol was amended" : "The rules of this stage have changed"}. Reload the page to see it; nothing is lost.`);
    if (earlier) notices.toast(`Under version ${earlier.version} you said: ${[earlier.verdict, earlier.reason].filter(Boolean).join(", ")}.`, { key: "earlier" });
  });
  return telling(session, outbox, notices);
}

function telling(session, outbox, notices) {
  let signedOut = false;
  let cutOff = false;
  const flight = () => {
    notices.flight(outbox.entries.length, outbox.waiting, signedOut);
    notices.root.classList.toggle("is-cut-off", cutOff || outbox.waiting > 0);
  };
  session.addEventListener("reach", ({ detail }) => {
    cutOff = detail.cutOff;
    flight();
    if (cutOff && !session.record) announce("The next records can’t be fetched just now.");
  });
  outbox.addEventListener("change", flight);
  outbox.addEventListener("stored", () => (signedOut = false));
  outbox.addEventListener("signedout", () => ((signedOut = true), flight()));
  return flight;
}
