// One examinee at work on one or two devices, over a network that loses, delays and repeats, against a server that may only
// do what the interface promises; and what must be true of it in the end.

import assert from "node:assert/strict";
import { Queue } from "../../../assets/queue.js";
import { Sender } from "../../../assets/sender.js";
import { openStore } from "../../../assets/store.js";
import { transportBy } from "../../../assets/transport.js";
import { Database, Timers, chance, plugIn } from "./browser.mjs";

const SCOPE = "attempt";
const POSITIONS = 4;

/** The server: the highest revision wins, and what comes when the part is closed is late evidence. */
class Server {
  stored = new Map();
  late = new Map();
  closed = false;
  keepsLate = true;

  save({ position, revision, ...body }) {
    const text = JSON.stringify(body);
    const held = this.stored.get(position);
    if (held && held.revision >= revision) {
      const superseded = held.revision > revision || held.text !== text;
      return { status: 200, body: { position, revision: held.revision, saved_at: "t", ...(superseded ? { superseded } : {}) } };
    }
    if (body.text === "never") return { status: 413, body: { position, code: "answer_too_long", detail: "too long" } };
    if (this.closed) {
      if (this.keepsLate) this.late.set(`${position} ${revision} ${text}`, true);
      return { status: 409, body: { position, code: "part_closed", late: this.keepsLate } };
    }
    this.stored.set(position, { revision, text });
    return { status: 200, body: { position, revision, saved_at: "t" } };
  }

  /** A call; a text that is no text makes the whole body unreadable. */
  call(path, body) {
    const unreadable = (answer) => answer.text === "\ud800";
    const rows = path === "/answers" ? body.answers : [{ position: Number(path.split("/").at(-1)), ...body }];
    if (rows.some(unreadable)) return { status: 400, body: { code: "malformed", detail: "not JSON" } };
    const results = rows.map((row) => this.save(row));
    return path === "/answers" ? { status: 200, body: { results: results.map((result) => result.body) } } : results[0];
  }
}

/** One run of everything from one seed. */
export class Exam {
  timers = new Timers();
  server = new Server();
  edits = [];
  requests = 0;
  trace = [];
  #chance;
  #devices;
  #faulty = true;
  #edited = 0;

  constructor(seed) {
    this.#chance = chance(seed);
    const devices = this.#chance.one(1, 1, 2);
    this.#devices = Array.from({ length: devices }, (_, name) => ({ name, database: new Database(this.timers, this.#chance), page: null }));
  }

  get alone() {
    return this.#devices.length === 1;
  }

  note(text) {
    this.trace.push(`${this.timers.now()} ${text}`);
  }

  async run() {
    for (const device of this.#devices) await this.#visit(device);
    const steps = 20 + this.#chance.below(60);
    for (let step = 0; step < steps; step += 1) {
      await this.#step();
      await this.timers.pass(this.#chance.one(0, 5, 50, 400, 2000, 9000));
    }
    await this.#heal();
  }

  async #step() {
    const device = this.#chance.one(...this.#devices);
    const roll = this.#chance.below(100);
    if (roll < 70) return this.#edit(device);
    if (roll < 80) return this.#visit(device);
    if (roll < 85) return this.#retry(device);
    if (roll < 92) {
      device.database.full = this.#chance.percent(50);
      return this.note(`device ${device.name}: ${device.database.full ? "no room" : "room"}`);
    }
    if (roll < 94) {
      device.database.broken = this.#chance.percent(30);
      return this.note(`device ${device.name}: database ${device.database.broken ? "broken" : "well"}`);
    }
    if (roll < 95 && this.#chance.percent(30)) {
      this.server.closed = true;
      this.server.keepsLate = this.#chance.percent(80);
      this.note("the part is closed");
    }
  }

  /** The page is opened, or opened again: whatever was in its memory is gone. */
  async #visit(device) {
    if (device.page) {
      device.page.sender.stop();
      device.page.alive = false;
      device.database.die();
    }
    plugIn(device.database);
    const store = await openStore();
    const queue = new Queue(SCOPE, store, 1000 * this.timers.now());
    const page = { queue, alive: true, device, durable: store.durable, seen: new Map() };
    device.page = page;
    page.sender = new Sender({
      queue,
      transport: transportBy((path, { body }) => this.#call(page, path, body)),
      report: (event) => this.#hear(page, event),
      timers: this.timers,
      random: this.#chance.random,
    });
    const saved = [...this.server.stored].map(([position, { revision }]) => ({ position, revision }));
    const opening = queue.open(saved);
    await this.timers.pass(100);
    const kept = await opening;
    this.note(`device ${device.name}: opened with ${kept.length} kept, durable ${store.durable}`);
    if (kept.length > 0) page.sender.now();
  }

  #edit(device) {
    const { page } = device;
    const position = 1 + this.#chance.below(POSITIONS);
    this.#edited += 1;
    const prose = position > 2;
    const odd = this.#chance.below(40);
    const text = odd === 0 ? "never" : odd === 1 ? "\ud800" : `${device.name}/${this.#edited}`;
    const body = prose ? { text } : { choice: `${device.name}/${this.#edited}` };
    const edit = { at: this.#edited, position, text: JSON.stringify(body), kept: false, page, odd: prose && odd < 2 };
    page.queue.put(position, body).then(() => (edit.kept = page.durable), () => {});
    edit.revision = page.queue.get(position).revision;
    this.edits.push(edit);
    page.seen.set(position, edit);
    this.note(`device ${device.name}: ${position} becomes revision ${edit.revision} ${edit.text}`);
    if (prose) page.sender.soon();
    else page.sender.now();
  }

  #retry(device) {
    device.page.sender.retry();
  }

  #hear(page, { kind, waiting, position, entry }) {
    if (!page.alive) return;
    if (kind === "superseded") page.seen.delete(position);
    if (kind === "refused") page.seen.delete(entry.position);
    if (kind === "closed") page.seen.clear();
    // "Saved, nothing waits" is a promise about everything that this page changed.
    if (kind === "saved" && waiting === 0) for (const edit of page.seen.values()) this.#check(edit);
  }

  #check(edit) {
    const held = this.server.stored.get(edit.position);
    assert.ok(held, `said saved: ${edit.text}`);
    assert.ok(held.revision > edit.revision || held.text === edit.text, `said saved: ${edit.text}, stored ${held.text}`);
  }

  /** The network between them. */
  async #call(page, path, body) {
    this.requests += 1;
    const sent = structuredClone(body);
    const wait = (most) => new Promise((resolve) => this.timers.set(resolve, this.#faulty ? this.#chance.below(most) : 1));
    await wait(900);
    const fault = this.#faulty ? this.#chance.below(100) : 100;
    if (fault < 15) throw new TypeError("lost on the way there");
    if (fault < 20) throw Object.assign(new Error("busy"), { status: 503, code: "busy", retryAfter: 1000 });
    if (fault < 23) throw Object.assign(new Error("signed out"), { status: 401, code: "not_signed_in" });
    if (fault < 26) throw Object.assign(new Error("somebody else's page"), { status: 404 });
    if (fault < 28) return { welcome: "to our wireless network" };
    const answer = this.server.call(path, sent);
    this.note(`device ${page.device.name}: ${path} ${JSON.stringify(sent)} -> ${JSON.stringify(answer)}`);
    // Somebody on the way sends it once more, much later.
    if (fault < 40) this.timers.set(() => this.server.call(path, sent), this.#chance.below(20_000));
    await wait(2500);
    if (fault >= 85 && fault < 100) throw new TypeError("lost on the way back");
    if (!page.alive) return new Promise(() => {});
    if (answer.status === 200) return answer.body;
    throw Object.assign(new Error("refused"), { status: answer.status, ...answer.body });
  }

  /** The network and the devices are well again, and everything gets the time it needs. */
  async #heal() {
    this.note("all is well again");
    this.#faulty = false;
    for (const device of this.#devices) {
      device.database.full = false;
      device.database.broken = false;
      // One that lives goes on; another is opened anew, as examinees do.
      if (this.#chance.percent(50)) await this.#visit(device);
      else device.page.sender.retry();
    }
    await this.timers.pass(120_000);
    this.#holds();
    const asked = this.requests;
    await this.timers.pass(3_600_000);
    assert.equal(this.requests, asked, "something is sent for ever");
    assert.equal(this.timers.waiting, 0, "a timer never ends");
  }

  #holds() {
    for (const { page } of this.#devices) {
      assert.equal(page.queue.sendable, 0, "something that could be sent was not");
    }
    for (const edit of this.edits.filter((edit) => !edit.odd)) this.#arrived(edit);
  }

  /** What was kept on the device, or was in a page that lived, is stored, replaced by something newer, or late evidence. */
  #arrived(edit) {
    const lives = edit.page.alive;
    if (!edit.kept && !lives) return;
    const held = this.server.stored.get(edit.position);
    // Another change of the same position followed, of which the same is asked in its own turn, unless it was lost with a
    // page that died before it could keep it: then nothing older is owed, because the newer one had taken its place.
    const newer = this.edits.find((other) => other.page.device === edit.page.device && other.position === edit.position && other.at > edit.at);
    if (newer) return;
    if (held && (held.revision > edit.revision || (held.revision === edit.revision && (held.text === edit.text || !this.alone)))) return;
    const evidence = [...this.server.late.keys()].some((late) => late.startsWith(`${edit.position} `) && late.endsWith(edit.text));
    // What the server will not even keep as evidence stays on the device.
    const here = this.server.closed && edit.page.device.page.queue.get(edit.position)?.revision >= edit.revision;
    // So does what a page without the device's storage could not find there: the next one will.
    const { database, page } = edit.page.device;
    const unseen = !page.durable && [...database.rows.values()].some(({ position, revision }) => position === edit.position && revision >= edit.revision);
    assert.ok(evidence || here || unseen, `lost: ${edit.position} revision ${edit.revision} ${edit.text}, stored ${JSON.stringify(held)}`);
  }
}
