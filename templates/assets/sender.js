// Sends what the queue holds: choices at once, prose after a pause, again after a failure, never two requests at a time.
// No DOM; time, chance and the request itself are given to it; tested with `node --test`.

export const PAUSE = 1500;
export const LONGEST_WAIT = 8000;
export const LONGEST_BACKOFF = 15000;

/** The wait before the next try after so many failures: exponential, with full jitter. */
export function backoff(failures, random = Math.random) {
  return random() * Math.min(LONGEST_BACKOFF, 500 * 2 ** Math.min(failures, 16));
}

/**
 * `transport(entries)` sends one batch and answers {results: [{entry, revision, saved_at, …} | {entry, problem}]}, or throws:
 * an error with `status` 401 means signed out, `retryAfter` (ms) is respected, everything else is tried again.
 *
 * `report(event)` hears {kind: "saving" | "saved" | "offline" | "signed-out" | "superseded" | "refused" | "closed", …}.
 */
export class Sender {
  #queue;
  #transport;
  #report;
  #timers;
  #random;
  #timer = null;
  #dueAt = Infinity;
  #proseSince = null;
  #sending = null;
  #failures = 0;
  #stopped = false;

  constructor({ queue, transport, report, timers = systemTimers, random = Math.random }) {
    this.#queue = queue;
    this.#transport = transport;
    this.#report = report;
    this.#timers = timers;
    this.#random = random;
  }

  /** Something was changed that is sent at once. */
  now() {
    this.#schedule(0);
  }

  /** Prose was changed: sent after a pause in typing, and at least every eight seconds. */
  soon() {
    const now = this.#timers.now();
    this.#proseSince ??= now;
    this.#schedule(Math.min(PAUSE, Math.max(0, this.#proseSince + LONGEST_WAIT - now)), true);
  }

  /** The network is back, or somebody signed in: try at once. */
  retry() {
    this.#failures = 0;
    this.#schedule(0);
  }

  /** Sends all that can be sent, as long as it goes well. Answers whether the queue is empty of sendable entries. */
  async flush() {
    this.#cancel();
    if (this.#sending) await this.#sending;
    while (this.#queue.sendable > 0 && !this.#stopped) {
      this.#cancel();
      if (!(await this.#send())) return false;
    }
    return true;
  }

  /** Nothing is sent any more. */
  stop() {
    this.#stopped = true;
    this.#cancel();
  }

  // A pause in typing moves the time of sending; anything else only ever brings it forward.
  #schedule(delay, movable = false) {
    if (this.#stopped) return;
    const dueAt = this.#timers.now() + delay;
    // While failing, typing must not hurry the next try.
    if (this.#failures > 0 && movable && this.#timer !== null) return;
    if (!movable && this.#timer !== null && dueAt >= this.#dueAt) return;
    this.#cancel();
    this.#dueAt = dueAt;
    this.#timer = this.#timers.set(() => {
      this.#timer = null;
      this.#dueAt = Infinity;
      if (!this.#sending) this.#send();
    }, delay);
  }

  #cancel() {
    if (this.#timer !== null) this.#timers.clear(this.#timer);
    this.#timer = null;
    this.#dueAt = Infinity;
  }

  #send() {
    this.#sending = this.#sendBatch().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendBatch() {
    const entries = this.#queue.batch();
    if (entries.length === 0) return true;
    this.#proseSince = null;
    if (this.#failures === 0) this.#report({ kind: "saving" });
    try {
      const { results } = await this.#transport(entries);
      this.#failures = 0;
      this.#settle(results);
    } catch (error) {
      this.#failed(error);
      return false;
    }
    if (this.#queue.sendable > 0 && this.#timer === null) this.#schedule(0);
    return true;
  }

  #settle(results) {
    let savedAt = null;
    let late = null;
    for (const { entry, problem, ...answer } of results) {
      if (problem?.code === "part_closed") {
        // Only what the server keeps as late evidence need no longer be kept here.
        if (problem.late === false) this.#queue.refuse(entry, problem);
        else this.#queue.drop(entry);
        late = problem;
      } else if (problem) {
        this.#queue.refuse(entry, problem);
        this.#report({ kind: "refused", entry, problem });
      } else {
        const meaning = this.#queue.acknowledge(entry, answer.revision, answer.superseded);
        savedAt = answer.saved_at ?? savedAt;
        if (meaning === "superseded") this.#report({ kind: "superseded", position: entry.position });
      }
    }
    if (savedAt) this.#report({ kind: "saved", savedAt, waiting: this.#queue.sendable });
    if (late) this.#report({ kind: "closed", problem: late });
  }

  #failed(error) {
    this.#failures += 1;
    this.#report({ kind: error.status === 401 ? "signed-out" : "offline", waiting: this.#queue.size });
    this.#schedule(Math.max(error.retryAfter ?? 0, backoff(this.#failures, this.#random)));
  }
}

const systemTimers = {
  now: () => performance.now(),
  set: (work, delay) => setTimeout(work, delay),
  clear: (timer) => clearTimeout(timer),
};
