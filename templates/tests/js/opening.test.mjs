// The page opened last goes on: its number is asked for once, and pages of one browser tell each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { among, numberOpening } from "../../assets/opening.js";
import { Queue } from "../../assets/queue.js";
import { MemoryStore } from "../../assets/store.js";

test("a number is asked for under one key until it is answered", async () => {
  const asked = [];
  const call = async (path, options) => {
    asked.push([path, options.method, options.key]);
    if (asked.length < 3) throw new Error("no network");
    return { opening: 42 };
  };
  const failures = [];
  assert.equal(await numberOpening(call, async (error, times) => failures.push(times)), 42);
  assert.deepEqual(failures, [1, 2]);
  assert.deepEqual([...new Set(asked.map((one) => one.join(" ")))].length, 1);
  assert.match(asked[0][2], /^[0-9a-f]{32}$/);
});

/** One browser's channels: what one says, every other of that name hears. */
function browser() {
  const all = [];
  return class {
    constructor(name) {
      this.name = name;
      all.push(this);
    }
    postMessage(data) {
      for (const other of all) if (other !== this && other.name === this.name) other.onmessage({ data });
    }
  };
}

test("of several pages only the one opened last goes on, in whatever order they come", () => {
  for (const order of [[1, 2, 3], [3, 2, 1], [2, 3, 1], [1, 3, 2]]) {
    const Channel = browser();
    const over = new Set();
    for (const opening of order) among("scope", opening, () => over.add(opening), Channel);
    among("another", 9, () => over.add(9), Channel);
    assert.deepEqual([...over].sort(), [1, 2], order.join());
  }
});

test("a browser without channels does without", () => among("scope", 1, assert.fail, null));

test("an earlier page never lifts its change above a later one's", async () => {
  const store = new MemoryStore();
  const queue = new Queue("scope", store, 1000);
  await queue.open([]);
  queue.put(1, { text: "a" });
  const [sent] = queue.batch();
  queue.put(1, { text: "ab" });
  assert.equal(queue.acknowledge(sent, 2001), "superseded");
  assert.deepEqual([queue.size, (await store.all("scope")).length], [0, 0]);
});

test("what a later page keeps in the same browser stays, whatever an earlier one still types", async () => {
  const store = new MemoryStore();
  const [earlier, later] = [new Queue("scope", store, 1000), new Queue("scope", store, 2000)];
  for (const queue of [earlier, later]) await queue.open([]);
  await earlier.put(1, { text: "early" });
  await later.put(1, { text: "late" });
  await earlier.put(1, { text: "early, and on" });
  assert.deepEqual((await store.all("scope")).map(({ body }) => body), [{ text: "late" }]);
  earlier.acknowledge(earlier.get(1), earlier.get(1).revision);
  const after = new Queue("scope", store, 3000);
  assert.deepEqual((await after.open([])).map(({ body }) => body), [{ text: "late" }]);
});
