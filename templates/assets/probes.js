// What the system check makes of its measurements. No DOM, no network; tested with `node --test`.

/** Slower than this, in milliseconds, and the exam room is sluggish. */
export const SLOW = 1500;
/** A device's clock that is off by more, in milliseconds, surprises its owner. */
export const CLOCK_OFF = 30000;
/** Less room than this, in megabytes, and the browser may run out of it. */
export const LITTLE_ROOM = 20;

/** The middle one of some numbers, the lower of two. */
export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
}

/** How long the way is: `trips` are round trips in milliseconds. */
export function roundTrip(trips) {
  const measure = Math.round(median(trips));
  return { outcome: measure > SLOW ? "warning" : "passed", measure };
}

/** How far the device's clock is off: `readings` are {sent, received} by it, and what the server said between, in milliseconds. */
export function clockDifference(readings) {
  const best = readings.reduce((one, other) => (other.received - other.sent < one.received - one.sent ? other : one));
  const measure = Math.round((best.sent + best.received) / 2 - best.server);
  return { outcome: Math.abs(measure) > CLOCK_OFF ? "warning" : "passed", measure };
}

/** How much room there is, from what the browser tells, if anything. */
export function storageRoom({ quota, usage = 0, persisted } = {}) {
  if (quota === undefined) return { outcome: persisted ? "passed" : "warning" };
  const measure = Math.floor((quota - usage) / 1e6);
  return { outcome: measure < LITTLE_ROOM ? "warning" : "passed", measure };
}

/** Whether `saved`, as the server tells it, holds each of `expected`: {position, revision, choice}. */
export function holds(saved, expected) {
  return expected.every(({ position, revision, choice }) =>
    saved.some((answer) => answer.position === position && answer.revision === revision && answer.choice === choice),
  );
}
