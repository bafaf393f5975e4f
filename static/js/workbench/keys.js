// The one keydown listener of the workbench and of conflicts: presets of keys, and what a person made of them. A key does one thing, so no
// letter ever both moves and decides. Digits are the reasons' and, with Shift, the criteria's.
import { own } from "./own.js";

const COMMON = { undo: "z", keep: "Enter", previous: "k", next: "j", tag: "t", note: "c", duplicate: "d", highlight: "f", search: "/", legend: "?", opinions: "o" };
export const PRESETS = {
  default: { include: "y", maybe: "m", exclude: "n", ...COMMON },
  rayyan: { include: "i", maybe: "u", exclude: "e", ...COMMON },
  asreview: { include: "r", maybe: "m", exclude: "i", ...COMMON },
};
export const ACTIONS = [
  ["include", "Include"], ["maybe", "Maybe"], ["exclude", "Exclude, then 1–9 for the reason"], ["undo", "Undo, step by step"],
  ["keep", "Keep my vote, next record"], ["previous", "Previous seen record"], ["next", "Next seen record"],
  ["tag", "Tag the record"], ["note", "Write a note"], ["duplicate", "Mark as a duplicate"],
  ["highlight", "Change the marks in the text"], ["search", "Search the records"], ["opinions", "Show the opinions"], ["legend", "This list"],
];
const NAMED = { ArrowLeft: "←", ArrowRight: "→", Backspace: "⌫", Delete: "Del", Insert: "Ins" };
const RESERVED = { " ": "Space scrolls the text", Tab: "Tab moves the focus", Escape: "Esc goes back" };

export const preset = () => (own.get("keys") in PRESETS ? own.get("keys") : "default");

/** Action -> key: the preset, with what was changed by hand. What doesn't make sense any more is left out. */
export function bindings() {
  const map = { ...PRESETS[preset()] };
  for (const [action, key] of Object.entries(changes())) if (action in map && !refusal(action, key, map)) map[action] = key;
  return map;
}

function changes() {
  try {
    const kept = JSON.parse(own.get("keys-own", "{}"));
    return Object.fromEntries(Object.entries(kept ?? {}).filter(([, key]) => typeof key === "string"));
  } catch {
    return {}; // nothing readable was kept
  }
}

/** Why a key can't be that of an action, in a sentence; "" if it can. */
export function refusal(action, key, map = bindings()) {
  if (/^\p{N}$/u.test(key)) return "Digits are the reasons for exclusion and, with Shift, the criteria. Choose another key.";
  if (key in RESERVED) return `${RESERVED[key]}, here as everywhere. Choose another key.`;
  if ([...key].length > 1 && !(key in NAMED) && key !== "Enter") return `${key} is the browser’s own key. Choose a letter or a sign.`;
  if (key === "Enter" && action !== "keep") return "Enter presses whatever has the focus. Choose another key.";
  const holder = Object.keys(map).find((other) => other !== action && map[other] === key);
  return holder ? `${cap(key)} is taken: ${ACTIONS.find(([name]) => name === holder)[1].toLowerCase()}. Give that another key first.` : "";
}

/** Give an action another key; returns why not, or "". */
export function bind(action, key) {
  const why = refusal(action, key);
  if (!why) own.set("keys-own", JSON.stringify({ ...changes(), [action]: key }));
  return why;
}

/** Back to a preset as it was made. */
export function choosePreset(name) {
  own.set("keys", name);
  own.set("keys-own", "{}");
}

export const changed = () => ACTIONS.some(([action]) => bindings()[action] !== PRESETS[preset()][action]);
export const keyOf = (action) => bindings()[action] ?? "";
export const cap = (key) => NAMED[key] ?? ([...key].length === 1 ? key.toUpperCase() : key);

/** Write the keys in force on the buttons inside that name their action (data-act). */
export function writeKeys(root) {
  for (const button of root.querySelectorAll("[data-act]")) {
    const key = cap(keyOf(button.dataset.act));
    const shown = button.querySelector("kbd");
    if (shown) Object.assign(shown, { textContent: key, hidden: !key });
    button.setAttribute("aria-keyshortcuts", key);
  }
}

/** The key of an event as bindings name it; letters of other scripts by where they are. "" where a modifier is held. */
export function named(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  const letter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  if (event.shiftKey && (letter || event.key.length > 1)) return "";
  return letter ? event.key.toLowerCase() : event.key;
}

/** The digit of an event by its place on the keyboard (some layouts have digits on Shift only), or 0. */
export const digitOf = (event) => Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code ?? "")?.[1] ?? (event.code ? 0 : /^[1-9]$/.test(event.key) && event.key));

const typing = (node) => node.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const pressable = (node) => node.closest?.("a[href], button, summary");

/** Calls act(name) for a bound key, digit(n) for 1–9 and criterion(n) for Shift with 1–9; false leaves it to the browser. */
export function listen(act, digit, criterion) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
    if (event.key === "Enter" && pressable(event.target)) return;
    if (/^Arrow/.test(event.key) && event.target.closest?.("[type=radio]")) return; // moves among the choices
    if (does(event, act, digit, criterion)) event.preventDefault();
  });
}

function does(event, act, digit, criterion) {
  const number = digitOf(event);
  if (number) return event.shiftKey ? criterion(number) : digit(number);
  if (event.key === "Escape") return act("cancel");
  const key = named(event);
  const latin = /^\p{L}$/u.test(key) && !/[a-z]/.test(key) ? /^Key([A-Z])$/.exec(event.code ?? "")?.[1]?.toLowerCase() : null;
  const map = bindings();
  const action = key && Object.keys(map).find((name) => map[name] === key) || latin && Object.keys(map).find((name) => map[name] === latin);
  return action ? act(action) : false;
}
