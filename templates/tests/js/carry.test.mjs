// A document is on the device at once, reaches the server in the end, and a newer one is never lost to an older.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Carry } from "../../assets/carry.js";

class Drawer {
  #things = new Map();
  get(name) {
    return this.#things.get(name) ?? null;
  }
  set(name, value) {
    this.#things.set(name, value);
  }
}

function stage({ send, drawer = new Drawer(), versioned = true } = {}) {
  const timers = { due: null, set: (work) => ((timers.due = work), 1), clear: () => (timers.due = null) };
  const sent = [];
  const carry = new Carry({
    keep: drawer,
    name: "notes",
    versioned,
    timers,
    random: () => 0.5,
    send: async (document) => {
      sent.push(document);
      return send ? send(document) : document;
    },
  });
  return { carry, drawer, timers, sent };
}

test("a change is kept here at once and sent after a pause", async () => {
  const { carry, drawer, timers, sent } = stage();
  assert.deepEqual(carry.open({ revision: 4, place: 1 }), { revision: 4, place: 1 });
  carry.put({ place: 2 });
  assert.deepEqual(JSON.parse(drawer.get("notes")), { document: { place: 2, revision: 5 }, dirty: true });
  assert.equal(sent.length, 0);
  timers.due();
  await Promise.resolve();
  await carry.flush();
  assert.deepEqual(sent, [{ place: 2, revision: 5 }]);
  assert.equal(JSON.parse(drawer.get("notes")).dirty, false);
});

test("what was not sent survives a reload and comes before what the server has", async () => {
  const drawer = new Drawer();
  const before = stage({ drawer, send: () => Promise.reject(new Error("offline")) });
  before.carry.open(null);
  before.carry.put({ place: 9 });
  assert.equal(await before.carry.flush(), false);
  const after = stage({ drawer });
  assert.deepEqual(after.carry.open({ revision: 7, place: 3 }), { place: 9, revision: 8 });
  assert.equal(await after.carry.flush(), true);
  assert.deepEqual(after.sent, [{ place: 9, revision: 8 }]);
});

test("what was sent gives way to what the server has", () => {
  const drawer = new Drawer();
  drawer.set("notes", JSON.stringify({ document: { revision: 3, place: 1 }, dirty: false }));
  assert.deepEqual(stage({ drawer }).carry.open({ revision: 5, place: 2 }), { revision: 5, place: 2 });
  assert.deepEqual(stage({ drawer }).carry.open(null), { revision: 3, place: 1 });
});

test("a newer document on the server lifts this one above it", async () => {
  const { carry, sent } = stage({ send: (document) => (document.revision < 20 ? { revision: 20 } : document) });
  carry.open({ revision: 1 });
  carry.put({ place: 5 });
  assert.equal(await carry.flush(), false);
  assert.equal(await carry.flush(), true);
  assert.deepEqual(sent.map(({ revision }) => revision), [2, 21]);
});

test("what was changed while it was sent is sent again", async () => {
  let release;
  const { carry, sent } = stage({ send: (document) => new Promise((resolve) => (release = () => resolve(document))) });
  carry.open(null);
  carry.put({ place: 1 });
  const first = carry.flush();
  carry.put({ place: 2 });
  release();
  assert.equal(await first, false);
  const second = carry.flush();
  release();
  assert.equal(await second, true);
  assert.deepEqual(sent.map(({ place }) => place), [1, 2]);
});

test("a refusal is final until something changes", async () => {
  const refused = Object.assign(new Error("closed"), { status: 409 });
  const { carry, sent, timers } = stage({ send: () => Promise.reject(refused) });
  carry.open(null);
  carry.put({ place: 1 });
  await carry.flush();
  assert.equal(timers.due, null);
  carry.put({ place: 2 });
  await carry.flush();
  assert.equal(sent.length, 2);
});

test("without versions a document is what it is", async () => {
  const { carry, sent } = stage({ versioned: false });
  carry.open({ contrast: false });
  carry.put({ contrast: true });
  await carry.flush();
  assert.deepEqual(sent, [{ contrast: true }]);
});
