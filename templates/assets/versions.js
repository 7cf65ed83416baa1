// Versions of prose that this device keeps for itself, beside those of the server: one a minute, one before much of the
// text goes, and one before each restoring. They are forgotten when the part is closed. No DOM; tested with `node --test`.

export const STEP = 60000;
export const LOSS = 200;
export const MOST = 12;

/** `keep` is the attempt's drawer; `now` tells the server's time in milliseconds. */
export class Versions {
  #keep;
  #now;
  #last = new Map();

  constructor(keep, now) {
    this.#keep = keep;
    this.#now = now;
  }

  /** The prose of a position as it came from the server or from the device: where changes start from. */
  begin(position, text) {
    this.#last.set(position, text ?? "");
  }

  /** The prose of a position was changed to `text`. */
  note(position, text) {
    const before = this.#last.get(position) ?? "";
    this.#last.set(position, text);
    const newest = this.list(position)[0];
    const due = !newest || this.#now() - newest.at >= STEP || before.length - text.length > LOSS;
    if (due) this.add(position, before);
  }

  /** Keeps a version, unless it is empty or the newest already. */
  add(position, text) {
    const versions = this.list(position);
    if (text.trim() === "" || versions[0]?.text === text) return;
    versions.unshift({ at: this.#now(), text });
    this.#keep.set(`versions-${position}`, JSON.stringify(versions.slice(0, MOST)));
  }

  /** The versions of a position, [{at, text}], the newest first. */
  list(position) {
    try {
      return JSON.parse(this.#keep.get(`versions-${position}`) ?? "[]");
    } catch {
      return [];
    }
  }

  /** Forgets the versions of these positions. */
  forget(positions) {
    for (const position of positions) this.#keep.set(`versions-${position}`, null);
  }
}

/**
 * One list of the server's versions, [{revision, saved_at, text}], and the device's: the newest first, each text once, and
 * none that is what stands there now.
 */
export function merged(server, device, current) {
  const all = [
    ...server.map(({ saved_at, text }) => ({ at: Date.parse(saved_at), text, here: false })),
    ...device.map(({ at, text }) => ({ at, text, here: true })),
  ];
  const seen = new Set([current]);
  // The server's copy of a text comes before the device's.
  all.sort((a, b) => Number(a.here) - Number(b.here));
  const once = all.filter(({ text }) => !seen.has(text) && seen.add(text));
  return once.sort((a, b) => b.at - a.at);
}
