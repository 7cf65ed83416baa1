// Versions of prose on the device: often enough, bounded, and merged with the server's without repetition.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST, Versions, merged } from "../../assets/versions.js";
import { Notes } from "../../assets/notes.js";

function stage() {
  const things = new Map();
  const clock = { now: 0 };
  const keep = { get: (name) => things.get(name) ?? null, set: (name, value) => (value === null ? things.delete(name) : things.set(name, value)) };
  return { versions: new Versions(keep, () => clock.now), clock, things };
}

test("one a minute is kept, and one before much goes", () => {
  const { versions, clock } = stage();
  const long = "a long thought ".repeat(30);
  versions.begin(1, "first");
  versions.note(1, "first words");
  assert.deepEqual(versions.list(1).map(({ text }) => text), ["first"]);
  clock.now = 30000;
  versions.note(1, long);
  assert.equal(versions.list(1).length, 1);
  versions.note(1, "");
  assert.equal(versions.list(1)[0].text, long);
  clock.now = 95000;
  versions.note(1, "anew");
  // Nothing was there to be kept.
  assert.equal(versions.list(1).length, 2);
});

test("they are bounded and can be forgotten", () => {
  const { versions, clock, things } = stage();
  for (let n = 0; n < MOST + 5; n += 1) {
    clock.now = n * 1000;
    versions.add(2, `version ${n}`);
  }
  versions.add(2, `version ${MOST + 4}`);
  assert.equal(versions.list(2).length, MOST);
  assert.equal(versions.list(2)[0].text, `version ${MOST + 4}`);
  versions.forget([1, 2]);
  assert.equal(things.size, 0);
});

test("each text stands once in the list, and not what stands there now", () => {
  const server = [
    { saved_at: "2027-03-12T15:02:00.000Z", text: "two" },
    { saved_at: "2027-03-12T15:01:00.000Z", text: "one" },
  ];
  const at = Date.parse("2027-03-12T15:01:30.000Z");
  const list = merged(server, [{ at, text: "between" }, { at, text: "one" }, { at, text: "now" }], "now");
  assert.deepEqual(list.map(({ text, here }) => [text, here]), [["two", false], ["between", true], ["one", false]]);
});

test("notes are told as a document and read back", () => {
  const carry = { document: null, open: (saved) => saved, put(document) { this.document = document; } };
  const notes = new Notes(carry, { revision: 3, flagged: [7], struck: { 2: ["b"] }, place: 4 });
  assert.deepEqual([notes.place, notes.flagged(7), notes.flagged(8), notes.struck(2, "b"), notes.struck(2, "a")], [4, true, false, true, false]);
  notes.flag(7, false);
  notes.flag(12, true);
  notes.flag(3, true);
  notes.strike(2, "a", true);
  notes.strike(5, "c", true);
  notes.strike(5, "c", false);
  notes.go(9);
  assert.deepEqual(carry.document, { flagged: [3, 12], struck: { 2: ["a", "b"] }, place: 9 });
});
