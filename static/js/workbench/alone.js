// One tab of a browser at a time, where it has locks (https and localhost); elsewhere everybody at once.
const PATIENCE_MS = 25_000; // longer than any request of another tab takes

export async function alone(name, work) {
  if (!navigator.locks) return work();
  let begun = false;
  const held = () => ((begun = true), work());
  return navigator.locks.request(name, { signal: AbortSignal.timeout(PATIENCE_MS) }, held).catch((error) => {
    if (begun) throw error;
    return work(); // a tab that hangs must not keep the others from sending
  });
}
