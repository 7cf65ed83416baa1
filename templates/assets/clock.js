// The server's clock, followed from here. The device's own clock is never believed: only the time that passes is measured,
// and what the server says is laid over it. No DOM; tested with `node --test`.

/** Follows the server's clock over a monotonic one. All times are milliseconds. */
export class ServerClock {
  #monotonic;
  #offset = null;
  #error = Infinity;
  #measuredAt = 0;

  constructor(monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Takes one reading: the server said `server` somewhere between `sent` and `received`, both monotonic. */
  sample(server, sent, received) {
    const error = (received - sent) / 2;
    const offset = server - (sent + received) / 2;
    // What was known grows uncertain by half a millisecond a second. A reading that contradicts it wins: the device slept.
    const known = this.#error + (received - this.#measuredAt) / 2000;
    const contradicts = this.#offset === null || Math.abs(offset - this.#offset) > error + known;
    if (!contradicts && error > known) return;
    this.#offset = offset;
    this.#error = error;
    this.#measuredAt = received;
  }

  /** The server's time now. */
  now() {
    return this.#monotonic() + (this.#offset ?? 0);
  }

  /** A monotonic reading, for `sample`. */
  tick() {
    return this.#monotonic();
  }

  /** Whole seconds until an instant, rounded up, never below zero. */
  secondsUntil(instant) {
    return Math.max(0, Math.ceil((instant - this.now()) / 1000));
  }
}

/** Seconds as a clock shows them: 1:29:59, 4:05. */
export function face(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** Minutes at which the examinee is told how long there is. */
export const WARNINGS = [15, 5, 1];

/** The warning that falls due when the seconds left go from `before` to `after`, in minutes, or null. Only the latest counts. */
export function warning(before, after) {
  const due = WARNINGS.filter((minutes) => before > minutes * 60 && after <= minutes * 60 && after > 0);
  return due.length > 0 ? Math.min(...due) : null;
}
