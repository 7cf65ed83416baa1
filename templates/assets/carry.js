// A small document that follows its person: kept on this device at once, sent to the server after a pause, and tried again
// until the server has it. It never waits for answers and no answer waits for it. No DOM; tested with `node --test`.

import { backoff } from "./sender.js";

export const PAUSE = 1500;
export const SHORTEST_RETRY = 5000;

/**
 * `keep` is a drawer of the device, `name` where the document lies in it. `send(document)` answers what the server then
 * holds, or throws. With `versioned`, each change raises `revision`, and a document that the server will not take because
 * it holds a newer one is lifted above that: what was done here last is what somebody sees.
 */
export class Carry {
  #keep;
  #name;
  #send;
  #versioned;
  #timers;
  #random;
  #timer = null;
  #dirty = false;
  #sending = false;
  #stopped = false;
  #failures = 0;
  #document = null;

  constructor({ keep, name, send, versioned = false, timers = systemTimers, random = Math.random }) {
    this.#keep = keep;
    this.#name = name;
    this.#send = send;
    this.#versioned = versioned;
    this.#timers = timers;
    this.#random = random;
  }

  /** Takes what the server holds (null when it could not be asked); what this device has and the server has not comes first. */
  open(saved) {
    const kept = parse(this.#keep.get(this.#name));
    this.#document = kept?.dirty ? kept.document : (saved ?? kept?.document ?? null);
    if (kept?.dirty) {
      this.#lift(saved?.revision);
      this.#dirty = true;
      this.#schedule(0);
    }
    return this.#document;
  }

  /** The document as it stands here. */
  get document() {
    return this.#document;
  }

  /** It was changed. */
  put(document) {
    const revision = (this.#document?.revision ?? 0) + 1;
    this.#document = this.#versioned ? { ...document, revision } : document;
    this.#dirty = true;
    this.#note();
    if (this.#failures === 0) this.#schedule(PAUSE);
  }

  /** Sends what was changed, at once. Answers whether the server has everything. */
  async flush() {
    this.#cancel();
    if (!this.#dirty || this.#sending || this.#stopped) return !this.#dirty;
    const sent = this.#document;
    this.#sending = true;
    try {
      const answer = await this.#send(sent);
      this.#failures = 0;
      this.#settle(sent, answer);
    } catch (error) {
      this.#failed(error, sent);
    } finally {
      this.#sending = false;
    }
    if (this.#dirty && this.#timer === null) this.#schedule(PAUSE);
    return !this.#dirty;
  }

  /** The network is back. */
  retry() {
    this.#failures = 0;
    if (this.#dirty) this.#schedule(0);
  }

  /** Nothing is sent any more. */
  stop() {
    this.#stopped = true;
    this.#cancel();
  }

  #settle(sent, answer) {
    if (this.#versioned && answer?.revision > sent.revision) return this.#lift(answer.revision);
    if (this.#document !== sent) return;
    this.#dirty = false;
    this.#note();
  }

  // What the server will never take is kept here and not sent again until it is changed.
  #failed({ status }, sent) {
    const refused = status >= 400 && status < 500 && ![401, 403, 408, 425, 429].includes(status);
    if (refused && this.#document === sent) this.#dirty = false;
    if (refused) return;
    this.#failures += 1;
    this.#schedule(SHORTEST_RETRY + backoff(this.#failures, this.#random));
  }

  #lift(revision) {
    if (!this.#versioned || !(revision >= this.#document.revision)) return;
    this.#document = { ...this.#document, revision: revision + 1 };
    this.#note();
  }

  #note() {
    this.#keep.set(this.#name, JSON.stringify({ document: this.#document, dirty: this.#dirty }));
  }

  #schedule(delay) {
    if (this.#stopped) return;
    this.#cancel();
    this.#timer = this.#timers.set(() => {
      this.#timer = null;
      this.flush();
    }, delay);
  }

  #cancel() {
    if (this.#timer !== null) this.#timers.clear(this.#timer);
    this.#timer = null;
  }
}

function parse(text) {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

const systemTimers = { set: (work, delay) => setTimeout(work, delay), clear: (timer) => clearTimeout(timer) };
