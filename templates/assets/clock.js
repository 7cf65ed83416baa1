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

/** What an attempt's clock says, over the server's time: the time left, whether it stands, and what the page has not heard of. */
export class PartClock {
  #server;
  #heardAt = -Infinity;
  deadline;
  runsFrom = -Infinity;
  /** What holds the clock: `{kind, until, reason}`, or null. */
  stop = null;
  #frozen = 0;

  constructor(server, deadline) {
    this.#server = server;
    this.deadline = deadline;
  }

  /** Takes an answer of the server. Answers whether the deadline moved and whether the clock stopped or ran on. */
  take({ now, deadline, remaining_seconds: remaining, stop, runs_from: runsFrom }) {
    const [said, ends] = [Date.parse(now), Date.parse(deadline)];
    const nothing = { moved: false, turned: false };
    // Answers may overtake each other: only what is newer than the last one counts.
    if (said < this.#heardAt || !Number.isFinite(ends)) return nothing;
    this.#heardAt = said;
    const turned = (this.stop?.kind ?? null) !== (stop?.kind ?? null);
    const moved = ends !== this.deadline;
    this.deadline = ends;
    this.stop = stop ?? null;
    this.#frozen = remaining ?? 0;
    this.runsFrom = runsFrom ? Date.parse(runsFrom) : -Infinity;
    return { moved, turned };
  }

  /** Whole seconds left. A break that has lasted as long as it may is over without anybody's word. */
  left() {
    const now = this.#server.now();
    const until = this.stop?.until ? Date.parse(this.stop.until) : Infinity;
    if (this.stop && now < until) return this.#frozen;
    const since = this.stop ? until - now : 0;
    if (this.stop) return Math.max(0, Math.ceil(this.#frozen + since / 1000));
    return Math.max(0, Math.ceil((this.deadline - Math.max(now, this.runsFrom)) / 1000));
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
