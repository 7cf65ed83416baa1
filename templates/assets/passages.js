// Marked passages of an answer, without the page: what they are called, how a line is cut for them, what they quote.
//
// Places are counted in characters of the whole answer (code points, as the server counts them), not in the UTF-16 units
// of JavaScript's strings. A line is {from, text}. The server cuts and names the same way (reviewer/passages.rs).

const LOOKS = 6;
const QUOTED = 120;

/** The most passages of one review. */
export const MOST = 100;

/** How many characters the first `units` UTF-16 units of a text are. */
export function characters(text, units = text.length) {
  return [...text.slice(0, units)].length;
}

/** The number-and-letter names: a to z, then aa, ab. */
export function letters(number) {
  const last = String.fromCharCode(97 + (number % 26));
  return number < 26 ? last : letters(Math.floor(number / 26) - 1) + last;
}

/** The passages in the order of the text, each with its label, look and criterion's title; `index` is its place given. */
export function labelled(passages, criteria) {
  const counts = criteria.map(() => 0);
  return passages
    .map((passage, index) => ({ ...passage, index, of: criteria.findIndex(({ id }) => id === passage.criterion) }))
    .filter(({ of }) => of >= 0)
    .sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index)
    .map((passage) => ({
      ...passage,
      label: `${passage.of + 1}${letters(counts[passage.of]++)}`,
      look: (passage.of % LOOKS) + 1,
      title: criteria[passage.of].title,
    }));
}

/** One line in pieces `{text, look?, over, label?}`, cut wherever a labelled passage begins or ends. */
export function pieces({ from, text }, passages) {
  const points = [...text];
  const to = from + points.length;
  const within = passages.flatMap(({ start, end }) => [start, end]).filter((cut) => cut > from && cut < to);
  const cuts = [...new Set([from, ...within, to])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, at) => {
    const start = cuts[at];
    const over = passages.filter((passage) => passage.start <= start && passage.end >= end);
    const closing = over.filter((passage) => passage.end === end).map(({ label }) => label);
    return {
      text: points.slice(start - from, end - from).join(""),
      look: over.at(-1)?.look,
      over: over.length,
      label: closing.length > 0 ? closing.join(" ") : undefined,
    };
  });
}

/** The passage between two places without what is blank at its ends; null if nothing is left. */
export function trimmed(lines, start, end) {
  let [first, last] = [Infinity, -1];
  for (const { from, text } of lines) {
    [...text].forEach((character, index) => {
      const at = from + index;
      if (at >= start && at < end && character.trim() !== "") [first, last] = [Math.min(first, at), Math.max(last, at)];
    });
  }
  return last < 0 ? null : { start: first, end: last + 1 };
}

/** The words of a passage on one line, cut in the middle if they are many. */
export function quoted(lines, { start, end }) {
  const parts = lines.map(({ from, text }) => [...text].slice(Math.max(0, start - from), Math.max(0, end - from)).join(""));
  const flat = [...parts.join(" ").split(/\s+/u).filter(Boolean).join(" ")];
  if (flat.length <= QUOTED) return flat.join("");
  const half = QUOTED / 2;
  return `${flat.slice(0, half).join("").trimEnd()} … ${flat.slice(-half).join("").trimStart()}`;
}

/** The passages with one more, unless the same stands among them. */
export function added(passages, { start, end, criterion }) {
  const same = passages.some((each) => each.start === start && each.end === end && each.criterion === criterion);
  return same ? passages : [...passages, { start, end, criterion }];
}
