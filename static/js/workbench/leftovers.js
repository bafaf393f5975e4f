// On every page but the workbench: what a closed tab of the workbench had not sent yet is sent from here.
import { call } from "./api.js";
import { Outbox } from "./outbox.js";
import { Refused } from "./refused.js";
import { Store } from "./store.js";

const toast = (text, options) => document.querySelector("toast-stack")?.show(text, options);
const many = (count) => (count === 1 ? "1 decision" : `${count} decisions`);

function start(owner) {
  const outbox = new Outbox(owner, (entry) => call(entry.url, { method: "POST", body: { ...entry.payload, have: [], limit: 0 } }));
  let stored = 0;
  let last = "";
  const refused = new Refused(outbox, { toast, changed: () => tell() });
  function tell(end = "") {
    const count = outbox.refused.all().length;
    const waits = outbox.entries.length ? `${many(outbox.entries.length)} of yours ${outbox.entries.length === 1 ? "waits" : "wait"} in this browser and will be sent as soon as the server answers.` : end;
    const text = [waits, count ? `${many(count)} of yours could not be stored.` : ""].filter(Boolean).join(" ");
    if (text && text !== last) toast(text, { key: "outbox", timeout: 0, error: count > 0, action: count ? { label: "Show what and why", run: () => refused.open() } : null });
    last = text;
  }
  outbox.addEventListener("stored", () => {
    stored += 1;
    if (!outbox.entries.length) tell(`${many(stored)} that had waited in this browser ${stored === 1 ? "is" : "are"} stored now.`);
  });
  outbox.addEventListener("change", () => outbox.failures && tell());
  outbox.pump();
}

const owner = document.querySelector('meta[name="signed-in-as"]')?.content;
const left = () => Store.waiting(owner).all().length + Store.refused(owner).all().length;
customElements.whenDefined("toast-stack").then(() => owner && !document.getElementById("workbench") && left() && start(owner));
