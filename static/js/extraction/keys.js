// Keys of the extraction screen. They belong to the cell that has the focus.

const SAYS = { KeyR: "not_reported", KeyA: "not_applicable", KeyU: "unclear" };

export function listen(root, act) {
  root.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.isComposing || event.repeat || event.metaKey || document.querySelector("dialog[open]")) return;
    if (handle(cell, event, act)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

function handle(cell, event, act) {
  const { target, key } = event;
  if (event.altKey) return alt(cell, event, act);
  if (target.matches("[data-reason]")) return reason(cell, event, act);
  if (key === "Escape") return refuse(cell);
  if (key === "Enter" && event.ctrlKey) return (act.accept(cell), true);
  if (key !== "Enter" || event.shiftKey || !target.matches("[data-input], [data-unit]")) return false;
  act.enter(cell);
  return true;
}

function alt(cell, { code, key }, act) {
  if (!cell.querySelector("[data-input]")) return false;
  if (code in SAYS) act.say(cell, SAYS[code]);
  else if (code === "KeyQ") act.quote(cell);
  else if (key === "Backspace") act.withdraw(cell);
  else return false;
  return true;
}

/** Escape goes to the reasons; 1–7 choose one. */
function refuse(cell) {
  const select = cell.querySelector("[data-reason]");
  select?.focus();
  return Boolean(select);
}

function reason(cell, { key, target }, act) {
  if (/^[1-7]$/.test(key)) {
    const chosen = target.options[Number(key)];
    cell.querySelector("[data-input]")?.focus();
    return act.reject(cell, chosen?.value);
  }
  if (key !== "Escape") return false;
  cell.querySelector("[data-input]")?.focus();
  return true;
}
