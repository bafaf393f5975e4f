// The adjudicator's keys: the letters that stand on the buttons, and 1-9 for the reason of an exclusion.
import { announce } from "./dom.js";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const reason = document.querySelector("select[name=reason]");

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const place = Number(event.key);
  if (reason && place >= 1 && place < reason.options.length) {
    reason.selectedIndex = place;
    announce(`Reason: ${reason.options[place].text}`);
    return;
  }
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});
