// Choices at once, prose after a pause, failures again, and one request at a time. Time is manual.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../../assets/queue.js";
import { LONGEST_BACKOFF, Sender, backoff } from "../../assets/sender.js";
import { MemoryStore } from "../../assets/store.js";

class Timers {
  #now = 0;
  #due = [];
  now = () => this.#now;
  set = (work, delay) => {
    const timer = { at: this.#now + delay, work };
    this.#due.push(timer);
    return timer;
  };
  clear = (timer) => {
    this.#due = this.#due.filter((other) => other !== timer);
  };
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = next.at;
      this.clear(next);
      next.work();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function desk(answer = (entry) => ({ entry, revision: entry.revision, saved_at: "t" })) {
  const timers = new Timers();
  const sent = [];
  const heard = [];
  const queue = new Queue("scope", new MemoryStore());
  await queue.open([]);
  const transport = async (entries) => {
    sent.push({ at: timers.now(), entries });
    return { results: entries.map((entry) => answer(entry, sent.length)) };
  };
  const sender = new Sender({ queue, transport, report: (event) => heard.push(event), timers, random: () => 1 });
  return { timers, sent, heard, queue, sender };
}

const kinds = (heard) => heard.map(({ kind }) => kind);

test("a choice is sent at once", async () => {
  const { timers, sent, heard, queue, sender } = await desk();
  queue.put(1, { choice: "a" });
  sender.now();
  await timers.pass(0);
  assert.equal(sent.length, 1);
  assert.equal(queue.size, 0);
  assert.deepEqual(kinds(heard), ["saving", "saved"]);
});

test("prose is sent after a pause in typing", async () => {
  const { timers, sent, queue, sender } = await desk();
  for (let key = 0; key < 5; key += 1) {
    queue.put(1, { text: "x".repeat(key) });
    sender.soon();
    await timers.pass(300);
  }
  assert.equal(sent.length, 0);
  await timers.pass(1200);
  assert.deepEqual(sent.map(({ at }) => at), [2700]);
});

test("prose is sent at least every eight seconds while typing goes on", async () => {
  const { timers, sent, queue, sender } = await desk();
  for (let key = 0; key < 90; key += 1) {
    queue.put(1, { text: String(key) });
    sender.soon();
    await timers.pass(200);
  }
  assert.ok(sent.length >= 2);
  assert.ok(sent[0].at <= 8000 && sent[1].at - sent[0].at <= 8200, JSON.stringify(sent.map(({ at }) => at)));
});

test("a failure keeps the answer, says so, and tries again", async () => {
  const { timers, sent, heard, queue, sender } = await desk((entry, attempt) => {
    if (attempt < 4) throw new TypeError("network");
    return { entry, revision: entry.revision, saved_at: "t" };
  });
  queue.put(1, { choice: "a" });
  sender.now();
  await timers.pass(0);
  assert.deepEqual(heard.at(-1), { kind: "offline", waiting: 1 });
  await timers.pass(60_000);
  assert.deepEqual(sent.map(({ at }) => at), [0, 1000, 3000, 7000]);
  assert.equal(queue.size, 0);
  assert.equal(heard.at(-1).kind, "saved");
});

test("the network's return is a reason to try at once", async () => {
  let down = true;
  const { timers, queue, sender } = await desk((entry) => {
    if (down) throw new TypeError("network");
    return { entry, revision: entry.revision, saved_at: "t" };
  });
  queue.put(1, { choice: "a" });
  sender.now();
  await timers.pass(20_000);
  down = false;
  sender.retry();
  await timers.pass(0);
  assert.equal(queue.size, 0);
});

test("signed out: everything is kept", async () => {
  const { timers, heard, queue, sender } = await desk(() => {
    throw Object.assign(new Error("401"), { status: 401 });
  });
  queue.put(1, { choice: "a" });
  sender.now();
  await timers.pass(0);
  assert.equal(queue.size, 1);
  assert.equal(heard.at(-1).kind, "signed-out");
});

test("a closed part takes its late evidence and is told", async () => {
  const { timers, heard, queue, sender } = await desk((entry) => ({ entry, problem: { code: "part_closed" } }));
  queue.put(1, { choice: "a" });
  sender.now();
  await timers.pass(0);
  assert.equal(queue.size, 0);
  assert.equal(heard.at(-1).kind, "closed");
});

test("what came while a request was under way follows it", async () => {
  const held = [];
  const timers = new Timers();
  const queue = new Queue("scope", new MemoryStore());
  await queue.open([]);
  let running = 0;
  const transport = (entries) => {
    running += 1;
    assert.equal(running, 1, "one request at a time");
    return new Promise((resolve) => held.push(() => {
      running -= 1;
      resolve({ results: entries.map((entry) => ({ entry, revision: entry.revision, saved_at: "t" })) });
    }));
  };
  const sender = new Sender({ queue, transport, report: () => {}, timers, random: () => 1 });
  queue.put(1, { choice: "a" });
  sender.now();
  await timers.pass(0);
  queue.put(2, { choice: "b" });
  sender.now();
  await timers.pass(0);
  assert.equal(held.length, 1);
  held[0]();
  await settle();
  await timers.pass(0);
  assert.equal(held.length, 2);
  held[1]();
  await settle();
  assert.equal(queue.size, 0);
});

test("flushing sends all, and says when it can't", async () => {
  const { queue, sender } = await desk();
  for (let position = 1; position <= 3; position += 1) queue.put(position, { choice: "a" });
  assert.equal(await sender.flush(), true);
  assert.equal(queue.size, 0);
  const broken = await desk(() => {
    throw new TypeError("network");
  });
  broken.queue.put(1, { choice: "a" });
  assert.equal(await broken.sender.flush(), false);
  assert.equal(broken.queue.size, 1);
});

test("back-off grows, is spread, and ends", () => {
  assert.equal(backoff(1, () => 1), 1000);
  assert.equal(backoff(1, () => 0), 0);
  assert.equal(backoff(50, () => 1), LONGEST_BACKOFF);
});
