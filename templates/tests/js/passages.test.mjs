// Marked passages: places are the server's characters, names follow the text, nothing marked is lost from sight.

import assert from "node:assert/strict";
import { test } from "node:test";

import { added, characters, labelled, letters, pieces, quoted, trimmed } from "../../assets/passages.js";

const criteria = [{ id: "a", title: "A" }, { id: "b", title: "B" }];
const lines = [{ from: 0, text: "é 🙂 one two" }, { from: 12, text: "three" }];

test("characters are code points, not UTF-16 units", () => {
  assert.equal(characters("é🙂x"), 3);
  assert.equal(characters("é🙂x", 3), 2);
});

test("labels follow the text and the criterion", () => {
  const passages = [
    { start: 9, end: 11, criterion: "a" }, { start: 0, end: 4, criterion: "b" },
    { start: 2, end: 4, criterion: "a" }, { start: 1, end: 2, criterion: "gone" },
  ];
  assert.deepEqual(labelled(passages, criteria).map(({ label, index, look }) => [label, index, look]), [["2a", 1, 2], ["1a", 2, 1], ["1b", 0, 1]]);
  assert.deepEqual([0, 25, 26, 27, 51, 52].map(letters), ["a", "z", "aa", "ab", "az", "ba"]);
});

test("a line is cut where passages begin and end, and stays whole in words", () => {
  const named = labelled([{ start: 2, end: 7, criterion: "a" }, { start: 4, end: 14, criterion: "b" }], criteria);
  const cut = pieces(lines[0], named);
  assert.deepEqual(cut, [
    { text: "é ", look: undefined, over: 0, label: undefined },
    { text: "🙂 ", look: 1, over: 1, label: undefined },
    { text: "one", look: 2, over: 2, label: "1a" },
    { text: " two", look: 2, over: 1, label: undefined },
  ]);
  assert.equal(cut.map(({ text }) => text).join(""), lines[0].text);
  assert.deepEqual(pieces(lines[1], named).map(({ text, label }) => [text, label]), [["th", "2a"], ["ree", undefined]]);
  assert.deepEqual(pieces(lines[1], []).map(({ text }) => text), ["three"]);
});

test("blanks at the ends are no part of a passage", () => {
  assert.deepEqual(trimmed(lines, 1, 8), { start: 2, end: 7 });
  assert.deepEqual(trimmed(lines, 8, 17), { start: 8, end: 17 });
  assert.equal(trimmed(lines, 1, 2), null);
  assert.equal(trimmed(lines, 11, 12), null);
});

test("a passage is quoted on one line", () => {
  assert.equal(quoted(lines, { start: 2, end: 14 }), "🙂 one two th");
  const long = [{ from: 0, text: "x".repeat(100) + "y".repeat(100) }];
  assert.equal(quoted(long, { start: 0, end: 200 }), `${"x".repeat(60)} … ${"y".repeat(60)}`);
});

test("the same passage is marked once for one criterion", () => {
  const one = added([], { start: 1, end: 2, criterion: "a" });
  assert.equal(added(one, { start: 1, end: 2, criterion: "a" }), one);
  assert.equal(added(one, { start: 1, end: 2, criterion: "b" }).length, 2);
});
