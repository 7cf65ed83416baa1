// What Safe Exam Browser tells a page's script, and what the page does with it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Proof, hashes, renewal } from "../../assets/safe.js";

const CONFIG = "a".repeat(64);
const EXAM = "E".repeat(64);
const href = "https://exam.example.org/exams/r-1?done=x#now";

const browser = (security) => ({ location: { href, reload() { this.reloads = (this.reloads ?? 0) + 1; } }, ...(security && { SafeExamBrowser: { security } }) });

test("another browser tells nothing", async () => {
  assert.equal(await hashes(browser(), 10), null);
  assert.equal(await hashes({ ...browser(), SafeExamBrowser: {} }, 10), null);
  assert.equal(await hashes(browser({ configKey: "", browserExamKey: ":" }), 10), null);
});

test("what is there at once is taken, over the address without its fragment", async () => {
  const found = await hashes(browser({ configKey: CONFIG, browserExamKey: EXAM, updateKeys: (callback) => callback() }), 1000);
  assert.deepEqual(found, { url: "https://exam.example.org/exams/r-1?done=x", config_key_hash: CONFIG, exam_key_hash: EXAM });
  const only = await hashes(browser({ configKey: CONFIG, browserExamKey: "" }), 10);
  assert.deepEqual([only.config_key_hash, only.exam_key_hash], [CONFIG, null]);
});

test("a version that calls back by name finds the function in the page", async () => {
  const security = { configKey: "", browserExamKey: "" };
  const scope = browser(security);
  security.updateKeys = ({ name }) => setTimeout(() => {
    Object.assign(security, { configKey: CONFIG, browserExamKey: EXAM });
    scope[name]();
  }, 5);
  assert.equal((await hashes(scope, 5000)).config_key_hash, CONFIG);
});

test("a version that never calls back is waited for, and one that fails is not", async () => {
  const late = { configKey: "", browserExamKey: "", updateKeys() { setTimeout(() => (late.configKey = CONFIG), 20); } };
  assert.equal((await hashes(browser(late), 5000)).config_key_hash, CONFIG);
  const never = { configKey: "", browserExamKey: "", updateKeys() {} };
  assert.equal(await hashes(browser(never), 30), null);
  const broken = { configKey: "", updateKeys() { throw new Error("no"); } };
  assert.equal(await hashes(browser(broken), 5000), null);
});

test("a proof is renewed half way, neither at once nor after too long", () => {
  const at = (seconds) => renewal(new Date(seconds * 1000).toISOString(), 0);
  assert.deepEqual([at(400), at(5), at(-5), at(6000)], [200000, 15000, 15000, 240000]);
  assert.equal(renewal(undefined, 0), 240000);
});

/** A page that waits, in a scope whose server gives these answers. */
function page(state, security, ...answers) {
  const asking = { hidden: false };
  const section = { dataset: { safeBrowser: "/api/v1/x", safeState: state }, querySelectorAll: () => [asking] };
  const kept = new Map();
  const sent = [];
  const scope = {
    ...browser(security),
    sessionStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) },
    fetch: async (address, options) => {
      sent.push({ address, ...options });
      const answer = answers.shift();
      if (answer === undefined) throw new TypeError("offline");
      const [status, body] = answer;
      return { ok: status < 300, status, json: async () => body, headers: new Headers() };
    },
  };
  return { asking, scope, sent, proof: new Proof({ section, scope, patience: 20 }) };
}

const proved = [200, { state: "proved", valid_until: "2027-03-12T15:10:00.000Z" }];

test("a page that is believed is fetched anew, once", async () => {
  const { scope, sent, proof, asking } = page("missing", { configKey: CONFIG, browserExamKey: "" }, proved, proved);
  assert.equal(await proof.round(), null);
  assert.deepEqual(JSON.parse(sent[0].body).config_key_hash, CONFIG);
  assert.equal(scope.location.reloads, 1);
  // The server did not show the exam all the same: no circle.
  assert.equal(await proof.round(), 60000);
  assert.deepEqual([scope.location.reloads, asking.hidden], [1, true]);
});

test("without a script's keys the call's own headers may do", async () => {
  const { sent, proof } = page("proved", null, proved);
  assert.ok((await proof.round()) >= 15000);
  assert.deepEqual([sent[0].body, sent[0].headers], [undefined, {}]);
});

test("a page at work is not disturbed, and asks again", async () => {
  const { scope, proof } = page("proved", null, [403, {}]);
  assert.equal(await proof.round(), 60000);
  assert.equal(await proof.round(), 20000, "offline");
  assert.equal(scope.location.reloads, undefined);
});

test("who is exempt or signed out is not asked again", async () => {
  assert.equal(await page("proved", null, [200, { state: "exempt", valid_until: null }]).proof.round(), null);
  assert.equal(await page("missing", null, [401, {}]).proof.round(), null);
});
