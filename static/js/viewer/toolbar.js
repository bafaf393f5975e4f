// The bar over the pages: where one is, how large, and which document; every button says its name.
import { announce } from "../dom.js";

export class Toolbar {
  /** root: the viewer's element; act(name) runs an action; stage() is the Stage, once there is one. */
  constructor(root, act, stage) {
    this.stage = stage;
    this.part = (name) => root.querySelector(`[data-pv-${name}]`);
    this.button = (name) => root.querySelector(`[data-pv-act="${name}"]`);
    this.field = this.part("page");
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-pv-act]");
      if (button) act(button.dataset.pvAct, false); // not by key
    });
    this.field.addEventListener("change", () => this.go());
    this.field.addEventListener("focus", () => this.field.select());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // the viewer may stand inside a form
      event.stopPropagation();
      this.go();
    });
  }

  go() {
    const wanted = Math.trunc(Number(this.field.value));
    if (wanted >= 1 && wanted <= this.stage().count) this.stage().page = wanted;
    this.tell();
  }

  /** Write page, number of pages and scale on the bar. */
  tell() {
    const stage = this.stage();
    const { page, count } = stage;
    Object.assign(this.field, { value: String(page), max: String(count) });
    this.part("count").textContent = String(count);
    this.part("scale").textContent = `${Math.round(stage.view.currentScale * 100)} %`;
    this.button("previous").disabled = page <= 1;
    this.button("next").disabled = page >= count;
    this.button("fit").setAttribute("aria-pressed", String(stage.fitted));
  }

  say() {
    announce(`Page ${this.stage().page} of ${this.stage().count}`);
  }

  /** Usable or not, while a document is on its way. */
  enable(on) {
    for (const tool of this.part("tools").querySelectorAll("button, input")) tool.disabled = !on;
  }
}
