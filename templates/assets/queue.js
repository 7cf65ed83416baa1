// What was changed here and not yet acknowledged by the server. One entry for each position, the newest wins; every change
// gets a revision that was never used before. It is kept in a store that outlives the page. No DOM; tested with `node --test`.
//
// An entry is {position, revision, body}; a scope (one attempt, one review) keeps its entries apart from others'.

/** The queue of one scope. */
export class Queue {
  #scope;
  #store;
  #base;
  #entries = new Map();
  #highest = new Map();
  #refused = new Map();

  /**
   * `store` has all(scope), put(scope, entry) and remove(scope, position, revision), each answering a promise. `base` is
   * below every revision that is given out here: the number of the page's opening, if openings are numbered. Those are so far
   * apart that whatever an earlier page, here or on another device, still has under way is older.
   */
  constructor(scope, store, base = 0) {
    this.#scope = scope;
    this.#store = store;
    this.#base = base;
  }

  /**
   * Reads what is kept here, against what the server has: `saved` is [{position, revision}]. Answers the entries that are
   * newer than the server's, which are to be shown and sent; the others are forgotten. A store that cannot be read is one
   * with nothing in it: work goes on, and the first change finds out whether anything can be kept.
   */
  async open(saved) {
    for (const { position, revision } of saved) this.#raise(position, revision);
    for (const entry of await this.#store.all(this.#scope).catch(() => [])) {
      if (entry.revision > (this.#highest.get(entry.position) ?? 0)) {
        this.#raise(entry.position, entry.revision);
        this.#entries.set(entry.position, entry);
      } else {
        tried(this.#store.remove(this.#scope, entry.position, entry.revision));
      }
    }
    return [...this.#entries.values()];
  }

  /** Notes a change; it is kept before the promise resolves, and pending at once. */
  put(position, body) {
    const entry = { position, revision: Math.max(this.#highest.get(position) ?? 0, this.#base) + 1, body };
    this.#raise(position, entry.revision);
    this.#refused.delete(position);
    this.#entries.set(position, entry);
    return this.#store.put(this.#scope, entry);
  }

  /** Up to `limit` entries to send, the longest waiting first. */
  batch(limit = 200) {
    return [...this.#entries.values()].filter((entry) => !this.#refused.has(entry.position)).slice(0, limit);
  }

  /** How many answers are kept here. */
  get size() {
    return this.#entries.size;
  }

  /** How many of them can be sent. */
  get sendable() {
    return this.#entries.size - this.#refused.size;
  }

  /** The pending entry of a position. */
  get(position) {
    return this.#entries.get(position);
  }

  /**
   * The server answered `sent` with the revision that it now holds, and whether that is something else than what was
   * sent, which another device may have saved under the same number. Answers what that means:
   * "stored" (done), "changed" (done, but a newer change waits), "raised" (a newer change waits, lifted above the server's),
   * "superseded" (the server has something newer, and nothing was changed here since: take it). Where openings are numbered,
   * what is above all revisions of this page comes from one that was opened later, and that has the last word.
   */
  acknowledge(sent, revision, superseded = false) {
    const { position } = sent;
    this.#raise(position, revision);
    const entry = this.#entries.get(position);
    const changed = entry !== undefined && entry.revision > sent.revision;
    if (!changed) {
      this.#forget(position, sent.revision);
      return superseded || revision > sent.revision ? "superseded" : "stored";
    }
    if (entry.revision > revision) return "changed";
    if (this.#base > 0) {
      this.#forget(position, entry.revision);
      return "superseded";
    }
    const lifted = { ...entry, revision: revision + 1 };
    this.#raise(position, lifted.revision);
    this.#entries.set(position, lifted);
    tried(this.#store.put(this.#scope, lifted));
    return "raised";
  }

  /** The server will never take `sent` as it is. It is kept, and not sent again until it is changed. */
  refuse(sent, problem) {
    if (this.#entries.get(sent.position)?.revision === sent.revision) this.#refused.set(sent.position, problem);
  }

  /** Forgets `sent`, unless it was changed since. */
  drop(sent) {
    if (this.#entries.get(sent.position)?.revision === sent.revision) this.#forget(sent.position, sent.revision);
  }

  #forget(position, revision) {
    this.#entries.delete(position);
    this.#refused.delete(position);
    tried(this.#store.remove(this.#scope, position, revision));
  }

  #raise(position, revision) {
    if (revision > (this.#highest.get(position) ?? 0)) this.#highest.set(position, revision);
  }
}

// What need not succeed: an entry that stays in the store too long is forgotten when the page opens next, because the server
// has it by then; one that is not lifted there is lifted again.
function tried(promise) {
  promise.catch(() => {});
}
