// Where words stand on a page: fetched from the server page by page, and joined to one box a line.

/** The words of pages by number: [[start, end, x0, y0, x1, y1], …], fractions of the page as it is shown. */
export class Words {
  /** url: the address of a page's words, with 0 for the page's number. */
  constructor(url) {
    this.url = url;
    this.known = new Map();
  }

  async of(page) {
    if (!this.url) return [];
    if (!this.known.has(page)) this.known.set(page, this.ask(page));
    return this.known.get(page);
  }

  async ask(page) {
    const url = this.url.replace(/\/0\/(?=[^/]*$)/, `/${page}/`);
    try {
      const reply = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20_000) });
      if (!reply.ok || reply.redirected) throw new Error(`The server answered ${reply.status}.`);
      return (await reply.json()).words ?? [];
    } catch {
      this.known.delete(page); // asked again next time
      return [];
    }
  }
}

const height = (box) => box.y1 - box.y0;
const GAP = 0.12; // of the page's width: further apart, two words of one height are of two columns

function sameLine(box, word) {
  const shared = Math.min(box.y1, word.y1) - Math.max(box.y0, word.y0);
  return shared > 0.4 * Math.min(height(box), height(word)) && word.x0 > box.x0 && word.x0 - box.x1 < GAP;
}

/** One box {x0, y0, x1, y1} for each line that the characters from start to end stand on, in reading order. */
export function lines(words, start, end) {
  const boxes = [];
  for (const [from, to, x0, y0, x1, y1] of words) {
    if (to <= start || from >= end) continue;
    const word = { x0, y0, x1, y1 };
    const last = boxes.at(-1);
    if (!last || !sameLine(last, word)) boxes.push(word);
    else Object.assign(last, { y0: Math.min(last.y0, y0), x1: Math.max(last.x1, x1), y1: Math.max(last.y1, y1) });
  }
  return boxes;
}
