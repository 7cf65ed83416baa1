// Marks on a paper: flags, struck-out choices, and the place where one is. They follow the attempt to every device. No DOM;
// tested with `node --test`.

/** Notes over a carried document, {revision, flagged: [position], struck: {position: [choice]}, place}. */
export class Notes {
  #carry;
  #flagged;
  #struck;
  #place;

  /** `saved` is what the server holds, or null when it could not be asked. */
  constructor(carry, saved) {
    this.#carry = carry;
    const { flagged = [], struck = {}, place = null } = carry.open(saved) ?? {};
    this.#flagged = new Set(flagged);
    this.#struck = new Map(Object.entries(struck).map(([position, choices]) => [Number(position), new Set(choices)]));
    this.#place = place;
  }

  /** The position where one is, or null. */
  get place() {
    return this.#place;
  }

  go(position) {
    if (position === this.#place) return;
    this.#place = position;
    this.#note();
  }

  flagged(position) {
    return this.#flagged.has(position);
  }

  flag(position, on) {
    if (on) this.#flagged.add(position);
    else this.#flagged.delete(position);
    this.#note();
  }

  struck(position, choice) {
    return this.#struck.get(position)?.has(choice) ?? false;
  }

  strike(position, choice, on) {
    const choices = this.#struck.get(position) ?? new Set();
    if (on) choices.add(choice);
    else choices.delete(choice);
    if (choices.size > 0) this.#struck.set(position, choices);
    else this.#struck.delete(position);
    this.#note();
  }

  #note() {
    const struck = Object.fromEntries([...this.#struck].map(([position, choices]) => [position, [...choices].sort()]));
    this.#carry.put({ flagged: [...this.#flagged].sort((a, b) => a - b), struck, place: this.#place });
  }
}
