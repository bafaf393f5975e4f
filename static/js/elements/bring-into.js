// Scroll a frame, and never the page, so that a thing inside it is seen; frames that don't scroll are left alone.
export function bringInto(frame, thing) {
  if (!frame || !thing || frame.scrollHeight <= frame.clientHeight) return;
  const box = frame.getBoundingClientRect();
  const { top, bottom } = thing.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) frame.scrollTop += top - box.top - box.height / 3;
}
