// The consensus screen: 1 and 2 take a value, 3 what AI proposed, the arrows walk, the quote of the line in hand is lit in the document.
import { Lamp } from "./lamp.js";

const root = document.getElementById("consensus");
const lamp = new Lamp(root.querySelector("pdf-viewer"));
const lines = [...root.querySelectorAll(".xt-line")];
const typing = (node) => node.closest("input:not([type=checkbox]), textarea, select, pdf-viewer");
let here = null;

function go(line) {
  if (!line) return;
  line.focus();
  line.scrollIntoView({ block: "nearest" });
}

root.addEventListener("focusin", (event) => {
  const line = event.target.closest(".xt-line");
  if (!line || line === here) return;
  here?.classList.remove("is-here");
  here = line;
  here.classList.add("is-here");
  lamp.of(here);
});
root.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (jump) lamp.light(jump);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || event.defaultPrevented || typing(event.target)) return;
  const line = event.target.closest?.(".xt-line") ?? here;
  const at = lines.indexOf(line);
  if (event.key === "ArrowDown" || event.key === "j") go(lines[at + 1]);
  else if (event.key === "ArrowUp" || event.key === "k") go(lines[at - 1]);
  else if (/^[123]$/.test(event.key) && line) line.querySelector(`[data-take="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
});
go(document.querySelector(".xt-line:target") ?? root.querySelector("[data-open]") ?? lines[0]);
root.dataset.ready = "yes";
