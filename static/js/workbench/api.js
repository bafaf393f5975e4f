// Talking to the server: JSON in, JSON out; every failure becomes a Problem (RFC 9457) that says what to do with it.

export class Problem extends Error {
  constructor(message, { status = 0, type = "", retryAfter = 0, signedOut = false } = {}) {
    super(message);
    Object.assign(this, { status, type, retryAfter, signedOut });
  }

  /** Will the same request, sent again later, perhaps succeed? */
  get passing() {
    return this.signedOut || this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

const meta = (name) => document.querySelector(`meta[name="${name}"]`);
const csrf = () => meta("csrf-token")?.content ?? "";
const SIGNED_OUT = "You are signed out: sign in again in another tab.";

/** One request. Where its author has signed in anew in another tab, it goes out once more with that session's token. */
export async function call(url, asked = {}) {
  try {
    return await once(url, asked);
  } catch (problem) {
    if (!problem.signedOut || !(await renewed())) throw problem;
    return once(url, asked);
  }
}

/** Take over the token of the session that is open now, if it is the same person's: nobody sends what another decided. */
async function renewed() {
  const [owner, token] = [meta("signed-in-as")?.content, meta("csrf-token")];
  const now = await once(meta("session")?.content ?? "/session/").catch(() => null);
  if (!token || !owner || String(now?.user) !== owner) return false;
  token.content = now.csrf;
  return true;
}

/** `keepalive` lets a decision leave even while the tab is closing. */
async function once(url, { method = "GET", body = null } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      credentials: "same-origin",
      keepalive: method !== "GET",
      headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json", "X-CSRFToken": csrf() } : {}) },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    throw new Problem("The server could not be reached.");
  }
  const json = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  const reply = json ? await response.json().catch(() => null) : null;
  if (response.ok && reply !== null && !response.redirected) return reply;
  throw problem(response, reply);
}

function problem(response, reply) {
  const detail = reply?.detail || reply?.title || `The server answered ${response.status}.`;
  const words = `${reply?.type ?? ""} ${reply?.detail ?? ""}`.toLowerCase();
  const signedOut = response.redirected || response.status === 401 || (response.status === 403 && /authentic|csrf/.test(words));
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  const status = response.ok ? 502 : response.status; // a page where JSON was due: a proxy's or a sign-in page
  return new Problem(signedOut ? SIGNED_OUT : detail, { status, type: reply?.type ?? "", retryAfter, signedOut });
}
