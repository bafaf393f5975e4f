// The one keydown listener of the workbench, and the presets of keys. A letter never both moves and decides.
import { prefs } from "../dom.js";

const COMMON = { k: "previous", j: "next", z: "undo", t: "tag", c: "note", d: "duplicate", f: "highlight", "/": "search", "?": "legend", Enter: "keep", Escape: "cancel" };
export const PRESETS = {
  default: { y: "include", m: "maybe", n: "exclude", ...COMMON },
  rayyan: { i: "include", u: "maybe", e: "exclude", ...COMMON },
  asreview: { r: "include", m: "maybe", i: "exclude", ...COMMON },
};
export const ACTIONS = [
  ["include", "Include"], ["maybe", "Maybe"], ["exclude", "Exclude, then 1–9 for the reason"], ["undo", "Undo, step by step"],
  ["keep", "Keep my vote, next record"], ["previous", "Previous seen record"], ["next", "Next seen record"],
  ["tag", "Tag the record"], ["note", "Write a note"], ["duplicate", "Mark as a duplicate"],
  ["highlight", "Change the marks in the text"], ["search", "Search the records"], ["legend", "This list"],
];

export const preset = () => (prefs.get("keys") in PRESETS ? prefs.get("keys") : "default");
export const keyOf = (action) => Object.entries(PRESETS[preset()]).find(([, does]) => does === action)?.[0] ?? "";
export const cap = (key) => (key.length === 1 ? key.toUpperCase() : key);

const typing = (node) => node.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const pressable = (node) => node.closest?.("a[href], button, summary");

/** Calls act(name) for a key of the preset and digit(n) for 1–9; both return false to leave the key to the browser. */
export function listen(act, digit) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.shiftKey && event.key !== "?" && event.key !== "/") return;
    if (typing(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
    if (event.key === "Enter" && pressable(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const done = /^[1-9]$/.test(key) ? digit(Number(key)) : key in PRESETS[preset()] && act(PRESETS[preset()][key]);
    if (done) event.preventDefault();
  });
}
