// The page's own part in "nothing is lost": what was acknowledged is never sent for ever, and what was not is never dropped,
// whatever network, storage and reloads do. Everything comes from a seed: EVENHAND_SIM_SEEDS=N runs so many more,
// EVENHAND_SIM_SEED=N replays one with its trace.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore, openStore } from "../../assets/store.js";
import { Queue } from "../../assets/queue.js";
import { Sender } from "../../assets/sender.js";
import { Database, Timers, chance, plugIn } from "./simulation/browser.mjs";
import { Exam } from "./simulation/exam.mjs";

const SEEDS = Number(process.env.EVENHAND_SIM_SEEDS ?? 400);
const ONE = process.env.EVENHAND_SIM_SEED;

async function replay(seed) {
  const exam = new Exam(seed);
  try {
    await exam.run();
  } catch (error) {
    error.message += `\n\nseed ${seed}; replay with EVENHAND_SIM_SEED=${seed}\n${exam.trace.join("\n")}`;
    throw error;
  }
  return exam;
}

test("nothing acknowledged is sent for ever, nothing unacknowledged is dropped", async () => {
  if (ONE !== undefined) return void console.log((await replay(Number(ONE))).trace.join("\n"));
  let [edits, stored] = [0, 0];
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const exam = await replay(seed);
    edits += exam.edits.length;
    stored += exam.server.stored.size;
  }
  // A run in which nothing happens proves nothing.
  assert.ok(edits > SEEDS * 10 && stored > SEEDS, `${edits} edits, ${stored} stored`);
});

test("a seed repeats itself", async () => {
  const [first, second] = [await replay(11), await replay(11)];
  assert.deepEqual(first.trace, second.trace);
  assert.notDeepEqual(first.trace, (await replay(12)).trace);
});

test("a browser without room goes on in memory, and says so", async () => {
  const timers = new Timers();
  const database = new Database(timers, chance(1));
  plugIn(database);
  const store = await openStore();
  assert.equal(store.durable, true);
  const queue = new Queue("scope", store);
  database.full = true;
  const [opening] = [queue.open([]), await timers.pass(100)];
  assert.deepEqual(await opening, []);
  const sent = [];
  const transport = async (entries) => {
    sent.push(...entries);
    return { results: entries.map((entry) => ({ entry, revision: entry.revision, saved_at: "t" })) };
  };
  const sender = new Sender({ queue, transport, report: () => {}, timers, random: () => 1 });
  const told = assert.rejects(queue.put(1, { choice: "a" }));
  sender.now();
  await timers.pass(100);
  await told;
  assert.deepEqual(sent.map(({ body }) => body), [{ choice: "a" }]);
  assert.equal(queue.size, 0);
});

test("an acknowledgement leaves the newer change of another window alone", async () => {
  const timers = new Timers();
  plugIn(new Database(timers, chance(1)));
  const store = await openStore();
  const all = async () => {
    const asked = store.all("scope");
    await timers.pass(100);
    return (await asked).map(({ revision }) => revision);
  };
  store.put("scope", { position: 1, revision: 2, body: {} });
  store.remove("scope", 1, 1);
  assert.deepEqual(await all(), [2]);
  store.remove("scope", 1, 2);
  assert.deepEqual(await all(), []);
});

test("a browser whose database never opens, or cannot be read, is no reason to wait", async () => {
  globalThis.indexedDB = { open: () => ({}) };
  assert.equal((await openStore(1)).durable, false);
  globalThis.indexedDB = { open: () => { throw new Error("forbidden"); } };
  assert.equal((await openStore()).durable, false);
  const unreadable = Object.assign(new MemoryStore(), { all: async () => { throw new Error("unreadable"); } });
  const queue = new Queue("scope", unreadable);
  assert.deepEqual(await queue.open([{ position: 1, revision: 4 }]), []);
  await queue.put(1, { choice: "b" });
  assert.equal(queue.get(1).revision, 5);
});
