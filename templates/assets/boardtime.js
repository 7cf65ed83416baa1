// What the board computes: ages, the time left, and whether a row must be made anew. Touches no page.

/** An age to one figure, by patterns with `{n}`: the same steps as the server's. */
export function age({ seconds, minutes, hours }, elapsed) {
  const whole = Math.max(0, Math.floor(elapsed));
  if (whole < 120) return seconds.replace("{n}", whole);
  if (whole < 7200) return minutes.replace("{n}", Math.floor(whole / 60));
  return hours.replace("{n}", Math.floor(whole / 3600));
}

/** A length of time as a clock shows it: "1:29:59", "4:05". */
export function clockFace(left) {
  const whole = Math.max(0, Math.floor(left));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (figure) => String(figure).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** What a row is made of; while it stays the same, only figures change. */
export function rowShape({ running, presence, incidents, safe_exam_browser: safe }) {
  const browser = safe ? `:${safe.state}:${safe.unproved_saves}:${safe.refused_at ? Date.parse(safe.refused_at) : ""}` : "";
  return (running ? `${running.attempt}:${Date.parse(running.deadline)}:${incidents ?? 0}` : `-:${presence ?? 0}:${incidents ?? 0}`) + browser;
}

/** Rows in the order in which they stand: those that need somebody first, then by name; the same as the server's. */
export function inOrder(items) {
  const key = ({ attention, person, registration }) => [attention ? "0" : "1", person?.name ?? "", registration];
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return [...items].sort((one, other) => {
    const [left, right] = [key(one), key(other)];
    return compare(left[0], right[0]) || compare(left[1], right[1]) || compare(left[2], right[2]);
  });
}
