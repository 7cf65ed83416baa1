// A browser small enough to be run thousands of times: time that only moves when told, and an IndexedDB in memory that takes
// its time, runs out of room, and forgets what was under way when the page dies.

/** Chance from a seed: mulberry32. */
export function chance(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(random() * limit);
  return { random, below, one: (...all) => all[below(all.length)], percent: (share) => random() * 100 < share };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Timers that run when time is passed. */
export class Timers {
  #now = 0;
  #count = 0;
  #due = new Map();

  now = () => this.#now;

  set = (work, delay) => {
    this.#count += 1;
    this.#due.set(this.#count, { at: this.#now + Math.max(0, delay), work });
    return this.#count;
  };

  clear = (timer) => this.#due.delete(timer);

  get waiting() {
    return this.#due.size;
  }

  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      let next = null;
      for (const [timer, { at }] of this.#due) if (at <= end && (next === null || at < this.#due.get(next).at)) next = timer;
      if (next === null) break;
      const { at, work } = this.#due.get(next);
      this.#due.delete(next);
      this.#now = Math.max(this.#now, at);
      work();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** One device's IndexedDB: as much of it as `store.js` uses. Transactions run whole, one after the other. */
export class Database {
  rows = new Map();
  full = false;
  broken = false;
  #timers;
  #chance;
  #last = 0;
  #page = 0;

  constructor(timers, chance) {
    this.#timers = timers;
    this.#chance = chance;
  }

  /** The page dies: what it had under way is lost, or just made it. */
  die() {
    this.#page += 1;
  }

  open() {
    const request = { result: this };
    queueMicrotask(() => (this.broken ? request.onerror?.() : request.onsuccess?.()));
    return request;
  }

  transaction() {
    const page = this.#page;
    const requests = [];
    const ask = (work) => {
      const request = { work };
      requests.push(request);
      return request;
    };
    const table = {
      put: (row) => ask(() => {
        if (this.full) throw new Error("QuotaExceededError");
        this.rows.set(key(row), structuredClone(row));
      }),
      get: ([scope, position]) => ask(() => structuredClone(this.rows.get(key({ scope, position })))),
      delete: ([scope, position]) => ask(() => this.rows.delete(key({ scope, position }))),
      getAll: ({ scope }) => ask(() => [...this.rows.values()].filter((row) => row.scope === scope).map((row) => structuredClone(row))),
    };
    const transaction = { objectStore: () => table, error: null };
    // In the order in which they were asked for, whatever each takes.
    this.#last = Math.max(this.#last, this.#timers.now() + this.#chance.below(30));
    this.#timers.set(() => page === this.#page && this.#run(transaction, requests), this.#last - this.#timers.now());
    return transaction;
  }

  #run(transaction, requests) {
    const before = new Map(this.rows);
    try {
      if (this.broken) throw new Error("InvalidStateError");
      for (let request = requests.shift(); request; request = requests.shift()) {
        request.result = request.work();
        request.onsuccess?.();
      }
    } catch (error) {
      this.rows = before;
      transaction.error = error;
      return transaction.onabort?.();
    }
    transaction.oncomplete?.();
  }
}

const key = ({ scope, position }) => JSON.stringify([scope, position]);

/** What `store.js` asks the browser for, of one device at a time. */
export function plugIn(database) {
  globalThis.indexedDB = { open: () => database.open() };
  globalThis.navigator ??= {};
  globalThis.IDBKeyRange = { bound: ([scope]) => ({ scope }) };
}
