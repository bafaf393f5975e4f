// Where decisions wait in this browser, one entry of its storage each, so that two tabs don't write over one another.
// Order is a count, not a clock: a clock can be set back between two decisions.

const PREFIX = "reviewapp:decision";
const REFUSED = "reviewapp:refused";

export class Store {
  constructor(prefix) {
    this.prefix = prefix;
  }

  static waiting(owner) {
    return new Store(`${PREFIX}:${owner}:`);
  }

  static refused(owner) {
    return new Store(`${REFUSED}:${owner}:`);
  }

  /** All entries, the oldest first. */
  all() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      return keys.map((key) => read(localStorage.getItem(key))).filter(Boolean).sort(before);
    } catch {
      return []; // storage is forbidden here
    }
  }

  get(key) {
    try {
      return read(localStorage.getItem(this.prefix + key));
    } catch {
      return null;
    }
  }

  /** False where the browser would not keep it. */
  put(entry) {
    try {
      localStorage.setItem(this.prefix + entry.key, JSON.stringify(entry));
      return true;
    } catch {
      return false; // full or forbidden
    }
  }

  remove(key) {
    try {
      localStorage.removeItem(this.prefix + key);
    } catch {
      /* nothing was kept */
    }
  }

  /** added(entry) and removed(key), as other tabs of this person do so. */
  watch(added, removed) {
    window.addEventListener("storage", (event) => {
      if (!event.key?.startsWith(this.prefix)) return;
      const entry = read(event.newValue);
      if (entry && event.oldValue === null) added(entry);
      else if (event.newValue === null) removed(event.key.slice(this.prefix.length));
    });
  }
}

export const before = (a, b) => (a.seq ?? 0) - (b.seq ?? 0) || (a.at ?? 0) - (b.at ?? 0);

function read(text) {
  try {
    const entry = JSON.parse(text);
    return entry?.key && entry.url && entry.payload ? entry : null;
  } catch {
    return null;
  }
}
