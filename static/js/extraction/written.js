// What is written in a cell, and writing it there.
export const INPUT = "[data-input]";

/** What is written in a cell: {raw, unit, filled}. The unit that was read beside it goes along: the form may change. */
export function stateOf(cell) {
  const inputs = [...cell.querySelectorAll(INPUT)];
  const boxes = inputs.filter((input) => input.type === "checkbox");
  const raw = boxes.length ? boxes.filter((box) => box.checked).map((box) => box.value) : (inputs[0]?.value.trim() ?? "");
  return { raw, unit: cell.querySelector("[data-unit]")?.value ?? "", filled: raw.length > 0 };
}

/** A value that the server read in its own way, or that was accepted, is shown as it was stored. */
export function write(cell, side) {
  const input = cell.querySelector(INPUT);
  if (!input) return;
  const chosen = side.chosen ?? "";
  if (input.type === "checkbox") for (const box of cell.querySelectorAll(INPUT)) box.checked = chosen.includes(box.value);
  else input.value = input.tagName === "SELECT" ? chosen : side.text;
  const unit = cell.querySelector("select[data-unit]");
  if (unit && side.unit) unit.value = side.unit;
}
