// What went wrong with a document, in words that say what to do; and what a reader should know of one that opened.

const SAY = {
  damaged: ["This file can’t be shown", "It is damaged, or it isn’t a PDF. It was kept as it came: look at it in another program, or upload another copy."],
  locked: ["This file is locked", "It asks for a password. Upload a copy that opens without one."],
  gone: ["This file isn’t there", "It may have been removed or replaced by a newer version. Reload the page to see what there is."],
  refused: ["This file can’t be opened", "You are signed out, or you have no access to it. Sign in again in another tab, then try again."],
  offline: ["The server can’t be reached", "The document will be fetched again as soon as there is a network. What you entered on this page is kept."],
  failed: ["The document didn’t come", "The server had a problem sending it. Try again in a moment; if that keeps happening, tell your administrator."],
};
const FINAL = new Set(["damaged", "locked", "gone"]);

/** {kind, title, text, again}: again says whether trying once more makes sense. */
export async function explain(problem, url) {
  const kind = await kindOf(problem, url);
  const [title, text] = SAY[kind];
  return { kind, title, text, again: !FINAL.has(kind) };
}

async function kindOf(problem, url) {
  if (problem?.name === "PasswordException") return "locked";
  if (problem?.name === "InvalidPDFException") return (await asksToSignIn(url)) ? "refused" : "damaged";
  if (!navigator.onLine) return "offline";
  if (problem?.name !== "ResponseException") return /fetch|network|import/i.test(problem?.message ?? "") ? "offline" : "failed";
  if (problem.status === 404 || problem.status === 410) return "gone";
  return problem.status === 401 || problem.status === 403 ? "refused" : "failed";
}

/** A sign-in page that came instead of the file reads as a damaged PDF. */
async function asksToSignIn(url) {
  try {
    return (await fetch(url, { method: "HEAD", redirect: "manual" })).type === "opaqueredirect";
  } catch {
    return false;
  }
}

/** One sentence on what works less well in this document; "" when all does. status and layer are the server's words. */
export function limits({ status, layer }) {
  if (layer === "scan" || layer === "none") return "This is a scan without a text layer: search and quotes don’t work here.";
  if (layer === "mixed") return "Some pages are scans: search and quotes don’t work on those.";
  if (layer === "poor") return "The text layer of this document is poor: search and quotes may miss their place.";
  if (status === "waiting" || status === "reading") return "The text of this document is still being read. You can read and search it; quotes will find their place in a while.";
  if (status === "failed") return "The text of this document could not be read: quotes don’t find their place here.";
  return "";
}

/** What stands above the pages: the limits, and that the reader of the server found something odd in the file. */
export function caution(document) {
  const odd = document.flags?.length ? "Something in this file looks meant for a language model rather than for a reader: see the list of documents." : "";
  return [limits(document), odd].filter(Boolean).join(" ");
}
