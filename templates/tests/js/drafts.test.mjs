// The marking desk's draft: nothing that was typed is lost, nothing older replaces something newer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DraftKeeper, backoff, missing } from "../../assets/drafts.js";
import { Queue } from "../../assets/queue.js";
import { MemoryStore } from "../../assets/store.js";

async function desk({ revision = 0, answers = [], store = new MemoryStore() } = {}) {
  const sent = [];
  const shown = [];
  const delays = [];
  const timer = { setTimeout: (_, delay) => delays.push(delay), clearTimeout: () => {} };
  let newer = 0;
  const keeper = new DraftKeeper({
    queue: new Queue("review:K7", store), timer, random: () => 1,
    send: async (draft) => {
      sent.push(draft);
      const answer = answers.shift();
      if (answer instanceof Function) return answer(keeper);
      if (!answer) throw new TypeError("no network");
      return answer;
    },
    show: (state, detail) => shown.push([state, detail].filter(Boolean).join(" ")),
    newer: () => { newer += 1; },
  });
  const kept = await keeper.open(revision);
  const here = async () => (await store.all("review:K7")).length;
  return { keeper, kept, here, sent, shown, delays, newer: () => newer };
}

const ok = (revision) => ({ status: 200, body: { revision, saved_at: "T" } });
const review = (text) => ({ scores: {}, remarks_for_examinee: text, remarks_internal: "" });

test("an acknowledged draft leaves the device", async () => {
  const { keeper, here, sent, shown } = await desk({ revision: 4, answers: [ok(5)] });
  keeper.change(review("a"));
  assert.equal(await here(), 1);
  await keeper.flush();
  assert.equal(sent[0].revision, 5);
  assert.equal(await here(), 0);
  assert.equal(shown.at(-1), "saved T");
});

test("without network the draft stays and the waits grow up to fifteen seconds", async () => {
  const { keeper, here, shown, delays } = await desk();
  keeper.change(review("a"));
  for (let n = 0; n < 6; n += 1) await keeper.flush();
  assert.equal(await here(), 1);
  assert.equal(shown.at(-1), "offline");
  assert.deepEqual(delays.slice(1), [1000, 2000, 4000, 8000, 15000, 15000]);
});

test("a lapsed session keeps everything", async () => {
  const { keeper, here, shown } = await desk({ answers: [{ status: 401 }, ok(1)] });
  keeper.change(review("a"));
  await keeper.flush();
  assert.equal(shown.at(-1), "signed-out");
  assert.equal(await here(), 1);
  await keeper.flush();
  assert.equal(await here(), 0);
});

test("what is typed while sending is sent above the acknowledged revision", async () => {
  const { keeper, sent } = await desk({ answers: [(k) => { k.change(review("ab")); return ok(9); }, ok(10)] });
  keeper.change(review("a"));
  await keeper.flush();
  assert.equal(keeper.pending.revision, 10);
  await keeper.flush();
  assert.deepEqual(sent.map((draft) => [draft.revision, draft.remarks_for_examinee]), [[1, "a"], [10, "ab"]]);
  assert.equal(keeper.pending, undefined);
});

test("a newer draft on the server is fetched when nothing was typed since", async () => {
  const { keeper, newer } = await desk({ answers: [ok(7)] });
  keeper.change(review("a"));
  await keeper.flush();
  assert.equal(newer(), 1);
});

test("a kept draft comes back only if the server has not got it", async () => {
  const store = new MemoryStore();
  const body = review("kept");
  await store.put("review:K7", { position: "draft", revision: 5, body });
  const back = await desk({ revision: 4, store });
  assert.equal(back.kept.remarks_for_examinee, "kept");
  assert.deepEqual(back.delays, [0]);
  const overtaken = await desk({ revision: 5, store });
  assert.equal(overtaken.kept, null);
  assert.equal(await overtaken.here(), 0);
});

test("a refusal is said and not repeated until the draft is changed", async () => {
  const { keeper, here, sent, shown, delays } = await desk({ answers: [{ status: 422, body: { detail: "too long" } }, ok(2)] });
  keeper.change(review("a"));
  const before = delays.length;
  await keeper.flush();
  assert.equal(shown.at(-1), "refused too long");
  assert.equal(delays.length, before);
  assert.equal(await here(), 1);
  await keeper.flush();
  assert.equal(sent.length, 1);
  keeper.change(review("b"));
  await keeper.flush();
  assert.equal(await here(), 0);
});

test("sealing keeps the whole review here under a revision of its own", async () => {
  const { keeper, here } = await desk({ revision: 3 });
  assert.deepEqual(keeper.keep(review("whole")), { revision: 4, ...review("whole") });
  assert.equal(await here(), 1);
});

test("a sealed review leaves nothing behind, even if an answer comes late", async () => {
  const { keeper, here, shown } = await desk({ answers: [(k) => { k.close(); return ok(1); }] });
  keeper.change(review("a"));
  await keeper.flush();
  assert.equal(await here(), 0);
  assert.notEqual(shown.at(-1), "saved T");
});

test("a broken storage does not stop the work", async () => {
  const refuse = async () => { throw new Error("refused"); };
  const { keeper, sent } = await desk({ answers: [ok(1)], store: { all: async () => [], put: refuse, remove: async () => {} } });
  keeper.change(review("a"));
  await keeper.flush();
  assert.equal(sent.length, 1);
});

test("sealing names what is missing", () => {
  const criteria = [{ id: "a", title: "A" }, { id: "b", title: "B" }];
  assert.deepEqual(missing(criteria, { scores: { a: 0 }, remarks_for_examinee: " " }), [{ kind: "criterion", title: "B" }, { kind: "verdict" }, { kind: "remarks" }]);
  assert.deepEqual(missing(criteria, { scores: { a: 0, b: 2 }, verdict: "pass", remarks_for_examinee: "x" }), []);
});

test("waits are jittered between nothing and the bound", () => {
  assert.equal(backoff(0, () => 0), 0);
  assert.equal(backoff(30, () => 1), 15000);
});
