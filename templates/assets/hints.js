// A quiet word while one writes: passages that may tell the reviewers who writes. The server looks, by the rule that it
// screens by afterwards; nothing is kept there, and without a network there are simply no hints. No DOM; tested with
// `node --test`.

export const REST = 3000;
export const APART = 6000;
export const SHOWN = 5;

/**
 * `ask(position, text)` resolves to findings with a `passage` each; `show(position, passages)` puts them on the page;
 * `keep` is the attempt's drawer; `later(run, milliseconds)` and `cancel` are timers, `now` a clock in milliseconds.
 */
export class Hints {
  #ask;
  #show;
  #keep;
  #now;
  #later;
  #cancel;
  #waiting = new Map();
  #asked = new Map();
  #found = new Map();
  #next = 0;

  constructor({ ask, show, keep, now = () => performance.now(), later = (run, ms) => setTimeout(run, ms), cancel = (timer) => clearTimeout(timer) }) {
    this.#ask = ask;
    this.#show = show;
    this.#keep = keep;
    this.#now = now;
    this.#later = later;
    this.#cancel = cancel;
  }

  /** The answer at a position reads `text` now. What is no longer in it is no longer shown. */
  note(position, text) {
    const found = this.#found.get(position) ?? [];
    const still = found.filter((passage) => text.includes(passage));
    if (still.length < found.length) this.#put(position, still);
    this.#cancel(this.#waiting.get(position));
    this.#waiting.set(position, this.#later(() => this.#look(position, text), Math.max(REST, this.#next - this.#now())));
  }

  /** The writer has seen a passage and leaves it: it is not brought up again. */
  dismiss(position, passage) {
    const left = this.#left();
    left.add(passage);
    this.#keep.set("hints-left", JSON.stringify([...left].slice(-200)));
    this.#put(position, (this.#found.get(position) ?? []).filter((other) => other !== passage));
  }

  async #look(position, text) {
    this.#waiting.delete(position);
    if (this.#asked.get(position) === text || text.trim() === "") return;
    this.#next = this.#now() + APART;
    let findings;
    try {
      findings = await this.#ask(position, text);
    } catch {
      return;
    }
    this.#asked.set(position, text);
    // Typing has gone on meanwhile: the next look is on its way already.
    if (this.#waiting.has(position)) return;
    const left = this.#left();
    this.#put(position, [...new Set(findings.map(({ passage }) => passage))].filter((passage) => !left.has(passage)));
  }

  #put(position, passages) {
    this.#found.set(position, passages);
    this.#show(position, passages.slice(0, SHOWN));
  }

  #left() {
    try {
      return new Set(JSON.parse(this.#keep.get("hints-left") ?? "[]"));
    } catch {
      return new Set();
    }
  }
}
