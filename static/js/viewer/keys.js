// Keys of the viewer, heard only while the focus is inside it. No letters: those belong to the page around it.

const PLAIN = { "+": "larger", "=": "larger", "-": "smaller", 0: "fit", ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last", F3: "found-next", F4: "thumbnails" };
const SHIFTED = { "+": "larger", F3: "found-previous" };
const typing = (node) => node.closest("input, textarea, select, dialog");

/** Calls act(name) for a key; act returns false to leave the key to the browser. */
export function listen(root, act) {
  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.isComposing || event.defaultPrevented) return;
    const find = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
    if (!find && (event.ctrlKey || event.metaKey || typing(event.target))) return;
    const name = find ? "search" : (event.shiftKey ? SHIFTED : PLAIN)[event.key];
    if (!name || act(name) === false) return;
    event.preventDefault();
    event.stopPropagation();
  });
}
