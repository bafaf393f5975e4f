// Quotes and their places in the document: lit as a cell gets the focus, jumped to by a click.

/** What is selected in the document, as one line. */
export function selected() {
  const selection = getSelection();
  const inside = selection?.anchorNode?.parentElement?.closest("pdf-viewer");
  return inside ? selection.toString().replace(/\s+/g, " ").trim() : "";
}

export class Lamp {
  constructor(viewer) {
    this.viewer = viewer;
  }

  get document() {
    return this.viewer?.document?.id ?? null;
  }

  /** The quote of the own value, else of the proposal. On a phone the form stays in front: only a press jumps. */
  of(cell) {
    const jump = cell.querySelector("[data-jump]:not(:disabled)");
    if (matchMedia("(max-width: 61.99rem)").matches) return;
    if (jump) this.light(jump);
    else if (this.viewer?.document) this.viewer.clear();
  }

  async light(jump) {
    await customElements.whenDefined("pdf-viewer");
    const parts = JSON.parse(jump.dataset.parts || "[]");
    const label = jump.closest("[data-cell], .xt-line")?.querySelector(".xt-label")?.textContent.trim() ?? "the quote";
    if (parts.length) await this.viewer.highlight(parts.map(([page, start, end]) => ({ page, start, end })), { label: `the quote for ${label}`, document: Number(jump.dataset.document) || null });
  }
}
