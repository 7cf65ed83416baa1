// The server's clock is followed, whatever the device does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PartClock, ServerClock, face, warning } from "../../assets/clock.js";

function clockAt(start) {
  const device = { now: start };
  return { device, clock: new ServerClock(() => device.now) };
}

test("the server's time goes on with the device's monotonic time", () => {
  const { device, clock } = clockAt(500);
  clock.sample(1_000_000, 490, 500);
  device.now = 1500;
  assert.equal(clock.now(), 1_001_005);
  assert.equal(clock.secondsUntil(1_011_005), 10);
  assert.equal(clock.secondsUntil(1_011_006), 11);
  assert.equal(clock.secondsUntil(0), 0);
});

test("a worse reading does not replace a better one", () => {
  const { device, clock } = clockAt(100);
  clock.sample(10_000, 90, 100);
  device.now = 1100;
  clock.sample(10_600, 100, 1100);
  assert.equal(clock.now(), 11_005);
});

test("a reading that contradicts wins, though it is worse: the device slept", () => {
  const { device, clock } = clockAt(100);
  clock.sample(10_000, 90, 100);
  device.now = 2000;
  clock.sample(99_000, 1000, 2000);
  assert.equal(clock.now(), 99_500);
});

test("an old reading gives way to a fresh one that is a little worse", () => {
  const { clock } = clockAt(0);
  clock.sample(0, 0, 2);
  clock.sample(60_000 + 5, 60_000, 60_020);
  assert.equal(clock.now(), -5);
});

test("a clock's face", () => {
  for (const [seconds, shown] of [[5400, "1:30:00"], [3599, "59:59"], [61, "1:01"], [9, "0:09"], [0, "0:00"]]) {
    assert.equal(face(seconds), shown);
  }
});

test("warnings fall due once, at 15, 5 and 1 minutes", () => {
  const due = [];
  for (let left = 1000; left > 0; left -= 1) {
    const minutes = warning(left, left - 1);
    if (minutes !== null) due.push([left - 1, minutes]);
  }
  assert.deepEqual(due, [[900, 15], [300, 5], [60, 1]]);
  assert.equal(warning(2000, 50), 1, "after a sleep only the latest is told");
  assert.equal(warning(30, 0), null);
});

function partAt(now, deadline) {
  const server = { at: now, now: () => server.at };
  return { server, part: new PartClock(server, deadline) };
}
const said = (now, rest) => ({ now: new Date(now).toISOString(), terms: [], ...rest, deadline: new Date(rest.deadline).toISOString() });

test("a clock that stands shows what was left, and runs on with exactly that", () => {
  const { server, part } = partAt(100_000, 160_000);
  assert.equal(part.left(), 60);
  const stop = { kind: "pause", since: new Date(100_250).toISOString(), reason: "Fire alarm" };
  assert.deepEqual(part.take(said(100_400, { deadline: 160_000, remaining_seconds: 60, stop })), { moved: false, turned: true });
  server.at = 500_000;
  assert.equal(part.left(), 60);
  const on = said(500_100, { deadline: 560_000, remaining_seconds: 60, runs_from: new Date(500_250).toISOString() });
  assert.deepEqual(part.take(on), { moved: true, turned: true });
  assert.equal(part.left(), 60);
  server.at = 501_250;
  assert.equal(part.left(), 59);
});

test("a break that has lasted as long as it may is over by itself", () => {
  const { server, part } = partAt(100_000, 160_000);
  const stop = { kind: "break", since: new Date(100_000).toISOString(), until: new Date(130_000).toISOString() };
  part.take(said(100_000, { deadline: 160_000, remaining_seconds: 60, stop }));
  for (const [at, left] of [[129_999, 60], [130_000, 60], [140_000, 50], [190_000, 0], [200_000, 0]]) {
    server.at = at;
    assert.equal(part.left(), left, String(at));
  }
});

test("an answer that was overtaken by a newer one changes nothing", () => {
  const { part } = partAt(100_000, 160_000);
  part.take(said(101_000, { deadline: 220_000, remaining_seconds: 119 }));
  assert.deepEqual(part.take(said(100_500, { deadline: 160_000, remaining_seconds: 60 })), { moved: false, turned: false });
  assert.equal(part.deadline, 220_000);
});
