// One draft of one review: sent after a pause, tried again until the server has acknowledged it.
//
// The queue keeps what was typed on this device until an acknowledgement covers exactly that revision. Nothing here
// touches the page, so that it can be tested alone.

export const PAUSE = 1500;
export const LONGEST_WAIT = 15000;

/** Waits before the next try: exponential with full jitter, at most fifteen seconds. */
export function backoff(tries, random) {
  return Math.round(random() * Math.min(LONGEST_WAIT, 1000 * 2 ** tries));
}

const POSITION = "draft";

/**
 * Keeps one draft in a queue of its own scope.
 * `send(draft)` answers `{status, body}` or throws when there is no network; `show(state, detail)` tells the person;
 * `newer()` is called when the server holds a newer draft than this device and nothing was typed since.
 */
export class DraftKeeper {
  constructor({ queue, send, show, newer, timer = globalThis, random = Math.random }) {
    Object.assign(this, { queue, send, show, newer, timer, random });
    this.tries = 0;
    this.waiting = null;
    this.sending = false;
    this.closed = false;
  }

  /** The draft of an earlier visit that the server has not got, to be shown again; it is also sent. */
  async open(revision) {
    const [kept] = await this.queue.open([{ position: POSITION, revision }]);
    if (!kept) return null;
    this.schedule(0);
    return kept.body;
  }

  /** Whether something waits to be acknowledged. */
  get pending() {
    return this.queue.get(POSITION);
  }

  /** Something was typed or chosen. */
  change(review) {
    if (this.closed) return;
    this.keep(review);
    this.show("saving");
    if (!this.sending) this.schedule(PAUSE);
  }

  /** Keeps the review here, under a revision that is now its own. */
  keep(review) {
    // A browser may refuse its storage; the queue's copy in memory is still sent.
    this.queue.put(POSITION, review)?.catch(() => {});
    return { revision: this.pending.revision, ...review };
  }

  schedule(delay) {
    this.timer.clearTimeout(this.waiting);
    this.waiting = this.timer.setTimeout(() => this.flush(), delay);
  }

  /** Sends what waits, at once. */
  async flush() {
    this.timer.clearTimeout(this.waiting);
    const [sent] = this.queue.batch(1);
    if (this.closed || this.sending || !sent) return;
    this.sending = true;
    let answer = null;
    try {
      answer = await this.send({ revision: sent.revision, ...sent.body });
    } catch {
      answer = { status: 0 };
    }
    this.sending = false;
    if (!this.closed) this.settle(sent, answer);
  }

  settle(sent, { status, body }) {
    if (status === 200) return this.acknowledged(sent, body ?? {});
    const passing = status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
    if (passing || status === 401) {
      this.show(status === 401 ? "signed-out" : "offline");
      this.schedule(status === 401 ? LONGEST_WAIT : backoff(this.tries++, this.random));
      return;
    }
    // A lawful no will not turn into a yes by asking again; the draft stays on the device until it is changed.
    this.queue.refuse(sent, body);
    this.show("refused", body?.detail ?? body?.title ?? String(status));
    if (this.queue.sendable > 0) this.schedule(PAUSE);
  }

  acknowledged(sent, body) {
    this.tries = 0;
    const meaning = this.queue.acknowledge(sent, body.revision ?? sent.revision);
    if (meaning === "stored") this.show("saved", body.saved_at);
    else if (meaning === "superseded") this.newer();
    else this.schedule(PAUSE);
  }

  /** The review is sealed or given back: nothing of it is sent any more. */
  close() {
    this.closed = true;
    this.timer.clearTimeout(this.waiting);
    if (this.pending) this.queue.drop(this.pending);
  }
}

/** What must still be done before sealing, as `[{kind, title?}]`. */
export function missing(criteria, review) {
  const lacks = criteria.filter(({ id }) => !(id in review.scores)).map(({ title }) => ({ kind: "criterion", title }));
  if (!review.verdict) lacks.push({ kind: "verdict" });
  if (!review.remarks_for_examinee.trim()) lacks.push({ kind: "remarks" });
  return lacks;
}

/** Fills `{name}` in a pattern. */
export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
