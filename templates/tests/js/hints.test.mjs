import assert from "node:assert/strict";
import { test } from "node:test";

import { APART, Hints, REST } from "../../assets/hints.js";

// Timers by hand, and a server that finds every capitalised word.
function desk({ fails = false } = {}) {
  const kept = new Map();
  const shown = [];
  const asked = [];
  let time = 0;
  let timers = [];
  const hints = new Hints({
    ask: async (position, text) => {
      asked.push(text);
      if (fails) throw new Error("no network");
      return (text.match(/[A-Z]\w+/g) ?? []).map((passage) => ({ passage }));
    },
    show: (position, passages) => shown.push([position, passages]),
    keep: { get: (name) => kept.get(name) ?? null, set: (name, value) => kept.set(name, value) },
    now: () => time,
    later: (run, ms) => {
      const timer = { run, at: time + ms };
      timers.push(timer);
      return timer;
    },
    cancel: (timer) => (timers = timers.filter((other) => other !== timer)),
  });
  const pass = async (ms) => {
    time += ms;
    const due = timers.filter((timer) => timer.at <= time);
    timers = timers.filter((timer) => timer.at > time);
    for (const timer of due) await timer.run();
  };
  return { hints, shown, asked, pass };
}

test("asks once the typing rests, and shows what was found", async () => {
  const { hints, shown, asked, pass } = desk();
  hints.note(1, "my name");
  await pass(REST - 1);
  hints.note(1, "my name is Maria");
  await pass(REST - 1);
  assert.deepEqual(asked, []);
  await pass(1);
  assert.deepEqual(asked, ["my name is Maria"]);
  assert.deepEqual(shown.at(-1), [1, ["Maria"]]);
});

test("never asks sooner than the server likes, nor twice for the same text", async () => {
  const { hints, asked, pass } = desk();
  hints.note(1, "one");
  await pass(REST);
  hints.note(1, "one two");
  await pass(REST);
  assert.equal(asked.length, 1);
  await pass(APART - REST);
  assert.equal(asked.length, 2);
  hints.note(1, "one two");
  await pass(APART);
  assert.equal(asked.length, 2);
});

test("what was left is not brought up again, and what was deleted goes at once", async () => {
  const { hints, shown, pass } = desk();
  hints.note(1, "Maria at Harbor");
  await pass(REST);
  assert.deepEqual(shown.at(-1), [1, ["Maria", "Harbor"]]);
  hints.dismiss(1, "Maria");
  assert.deepEqual(shown.at(-1), [1, ["Harbor"]]);
  hints.note(1, "Maria");
  assert.deepEqual(shown.at(-1), [1, []]);
  await pass(APART);
  assert.deepEqual(shown.at(-1), [1, []]);
});

test("without a network there is no hint and no error", async () => {
  const { hints, shown, asked, pass } = desk({ fails: true });
  hints.note(1, "Maria");
  await pass(REST);
  assert.equal(asked.length, 1);
  assert.deepEqual(shown, []);
});
