// The board's figures.

import assert from "node:assert/strict";
import { test } from "node:test";

import { age, clockFace, inOrder, rowShape } from "../../assets/boardtime.js";

const words = { seconds: "{n} s", minutes: "{n} min", hours: "{n} h" };

test("ages step from seconds to minutes to hours", () => {
  const cases = [[-3, "0 s"], [0.9, "0 s"], [119, "119 s"], [120, "2 min"], [7199, "119 min"], [7200, "2 h"]];
  for (const [elapsed, said] of cases) assert.equal(age(words, elapsed), said);
});

test("time left never goes below zero", () => {
  const cases = [[5399, "1:29:59"], [245.7, "4:05"], [59, "0:59"], [-1, "0:00"]];
  for (const [left, said] of cases) assert.equal(clockFace(left), said);
});

test("a row is made anew when its part, time or incidents change", () => {
  const running = { attempt: "a1", deadline: "1970-01-01T00:00:09.000Z" };
  assert.equal(rowShape({ running, incidents: 0 }), "a1:9000:0");
  assert.notEqual(rowShape({ running: { ...running, deadline: "1970-01-01T00:01:09.000Z" }, incidents: 0 }), rowShape({ running, incidents: 0 }));
  assert.notEqual(rowShape({ running, incidents: 1 }), rowShape({ running, incidents: 0 }));
  assert.equal(rowShape({ running: null, incidents: 0 }), "-:0:0");
});

test("a row is made anew when it becomes known in which browser somebody is", () => {
  const shape = (safe) => rowShape({ running: null, presence: "expected", incidents: 0, safe_exam_browser: safe });
  assert.equal(shape(null), "-:expected:0");
  assert.equal(shape({ state: "missing", unproved_saves: 0, refused_at: null }), "-:expected:0:missing:0:");
  assert.equal(shape({ state: "exempt", unproved_saves: 2, refused_at: "1970-01-01T00:00:09.000Z" }), "-:expected:0:exempt:2:9000");
});

test("who needs somebody stands first, then names decide", () => {
  const item = (registration, name, attention) => ({ registration, attention, person: { name } });
  const items = [item("r1", "Cat", false), item("r2", "Ann", false), item("r3", "Ben", true), item("r4", "Ann", false)];
  assert.deepEqual(inOrder(items).map((row) => row.registration), ["r3", "r2", "r4", "r1"]);
});
