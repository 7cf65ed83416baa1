// Revisions only grow, the newest change wins, and nothing leaves before the server has it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../../assets/queue.js";
import { MemoryStore } from "../../assets/store.js";

async function opened(saved = [], store = new MemoryStore()) {
  const queue = new Queue("scope", store);
  const kept = await queue.open(saved);
  return { queue, store, kept };
}

test("a revision is above everything saved and everything kept", async () => {
  const { queue } = await opened([{ position: 1, revision: 7 }]);
  queue.put(1, { choice: "a" });
  assert.equal(queue.get(1).revision, 8);
  queue.put(1, { choice: "b" });
  assert.equal(queue.get(1).revision, 9);
  queue.put(2, { choice: "a" });
  assert.equal(queue.get(2).revision, 1);
  assert.equal(queue.size, 2);
});

test("a page's revisions are above all that an earlier page may still have under way", async () => {
  const store = new MemoryStore();
  const [earlier, later] = [new Queue("scope", store, 1000), new Queue("scope", store, 2000)];
  for (const queue of [earlier, later]) await queue.open([{ position: 1, revision: 7 }]);
  for (let change = 0; change < 50; change += 1) earlier.put(1, { choice: "a" });
  later.put(1, { choice: "b" });
  assert.deepEqual([earlier.get(1).revision, later.get(1).revision], [1050, 2001]);
  const after = new Queue("scope", store, 1500);
  await after.open([{ position: 1, revision: 1_000_000 }]);
  after.put(1, { choice: "c" });
  assert.equal(after.get(1).revision, 1_000_001);
});

test("a revision is never used again, also after its acknowledgement", async () => {
  const { queue } = await opened();
  queue.put(1, { choice: "a" });
  assert.equal(queue.acknowledge(queue.get(1), 1), "stored");
  queue.put(1, { choice: "b" });
  assert.equal(queue.get(1).revision, 2);
});

test("what was changed since it was sent stays", async () => {
  const { queue, store } = await opened();
  queue.put(1, { text: "a" });
  const [sent] = queue.batch();
  queue.put(1, { text: "ab" });
  assert.equal(queue.acknowledge(sent, 1), "changed");
  assert.deepEqual(queue.get(1).body, { text: "ab" });
  assert.equal((await store.all("scope")).length, 1);
});

test("a newer version on the server is taken, unless something was changed here since", async () => {
  const { queue } = await opened();
  queue.put(1, { text: "a" });
  assert.equal(queue.acknowledge(queue.get(1), 5), "superseded");
  assert.equal(queue.size, 0);
  queue.put(1, { text: "b" });
  const [sent] = queue.batch();
  assert.equal(sent.revision, 6);
  queue.put(1, { text: "bc" });
  assert.equal(queue.acknowledge(sent, 9), "raised");
  assert.deepEqual(queue.get(1), { position: 1, revision: 10, body: { text: "bc" } });
});

test("another device's answer under the same number is taken", async () => {
  const { queue } = await opened();
  queue.put(1, { choice: "a" });
  const [sent] = queue.batch();
  assert.equal(queue.acknowledge(sent, sent.revision, true), "superseded");
  assert.equal(queue.size, 0);
});

test("a page that comes back finds what was not acknowledged, and forgets what was", async () => {
  const { queue, store } = await opened();
  await queue.put(1, { choice: "a" });
  await queue.put(2, { choice: "b" });
  const again = await opened([{ position: 1, revision: 1 }], store);
  assert.deepEqual(again.kept.map((entry) => entry.position), [2]);
  assert.equal((await store.all("scope")).length, 1);
});

test("scopes are apart", async () => {
  const { queue, store } = await opened();
  await queue.put(1, { choice: "a" });
  const other = new Queue("other", store);
  assert.deepEqual(await other.open([]), []);
});

test("what is refused is kept, and not sent again until it is changed", async () => {
  const { queue } = await opened();
  queue.put(1, { text: "long" });
  queue.refuse(queue.get(1), { code: "answer_too_long" });
  assert.deepEqual([queue.size, queue.sendable, queue.batch().length], [1, 0, 0]);
  queue.put(1, { text: "ok" });
  assert.equal(queue.sendable, 1);
});
