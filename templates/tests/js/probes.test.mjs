// What the system check makes of its measurements.

import assert from "node:assert/strict";
import { test } from "node:test";
import { clockDifference, holds, median, roundTrip, storageRoom } from "../../assets/probes.js";

test("the middle trip counts, so that one slow one does not", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2);
  assert.deepEqual(roundTrip([20, 9000, 30, 25, 22]), { outcome: "passed", measure: 25 });
  assert.deepEqual(roundTrip([2000, 2000, 10]), { outcome: "warning", measure: 2000 });
});

test("the clock is judged by the quickest reading, and only warned about", () => {
  const slow = { sent: 0, received: 10000, server: 100000 };
  const quick = { sent: 20000, received: 20020, server: 20000 };
  assert.deepEqual(clockDifference([slow, quick]), { outcome: "passed", measure: 10 });
  assert.deepEqual(clockDifference([{ sent: 0, received: 0, server: 60000 }]), { outcome: "warning", measure: -60000 });
});

test("room is told in megabytes where the browser tells it", () => {
  assert.deepEqual(storageRoom({ quota: 5e8, usage: 1e8 }), { outcome: "passed", measure: 400 });
  assert.deepEqual(storageRoom({ quota: 2e7, usage: 1e7 }), { outcome: "warning", measure: 10 });
  assert.deepEqual(storageRoom({ persisted: true }), { outcome: "passed" });
  assert.deepEqual(storageRoom(), { outcome: "warning" });
});

test("what is saved is what was sent, to the revision", () => {
  const saved = [{ position: 2, revision: 3, choice: "b" }, { position: 3, revision: 1, choice: "c" }];
  assert.equal(holds(saved, [{ position: 2, revision: 3, choice: "b" }]), true);
  assert.equal(holds(saved, [{ position: 2, revision: 2, choice: "b" }]), false);
  assert.equal(holds(saved, [{ position: 2, revision: 3, choice: "a" }]), false);
  assert.equal(holds(saved, [{ position: 4, revision: 1, choice: "a" }]), false);
});
