// The page of a cell: its quotes light their place in the document beside them; the first one does so by itself.
const viewer = document.querySelector("pdf-viewer");
const buttons = [...document.querySelectorAll("[data-quote]")];

function show(button) {
  const parts = button.dataset.places.split(",").map((place) => {
    const [page, start, end] = place.split(":").map(Number);
    return { page, start, end };
  });
  for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
  return viewer.highlight(parts, { label: "the quote", document: Number(button.dataset.document) });
}

if (viewer && buttons.length) {
  await customElements.whenDefined("pdf-viewer");
  for (const button of buttons) button.addEventListener("click", () => show(button));
  show(buttons[0]);
}
