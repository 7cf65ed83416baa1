// The system check. It saves through the very queue, store and sender of the exam room, in an attempt of practice, and takes
// the examinee through cutting the network and restoring it.

import { call, transport } from "./paper.js";
import { clockDifference, holds, roundTrip, storageRoom } from "./probes.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";
import { openStore } from "./store.js";
import { say } from "./words.js";

const root = document.getElementById("checkup");
const { api, scope, report: reportTo, time } = root.dataset;
const spoken = document.getElementById("spoken");
const findings = new Map();
const TRIPS = 5;
const EVENTS_WITHIN = 10000;
const SAVED_WITHIN = 20000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const row = (probe) => root.querySelector(`[data-probe="${probe}"]`);
const badge = (name) => root.querySelector(`template[data-badge="${name}"]`).content.cloneNode(true);

function trying(probe) {
  row(probe).querySelector(".found").textContent = say("trying");
}

function note(probe, { outcome, measure }) {
  findings.set(probe, { check: probe, outcome, ...(measure === undefined ? {} : { measure }) });
  const line = row(probe);
  line.dataset.outcome = outcome;
  line.querySelector(".found").replaceChildren(badge(outcome));
  const told = line.querySelector(".measure");
  told.hidden = measure === undefined;
  if (measure !== undefined) told.textContent = say(`measure-${probe}`, { n: measure });
  // What is needed and was not tried has something to be done about it, too.
  const wanting = outcome === "skipped" && probe === "pull_out";
  line.querySelector(".advice").hidden = outcome !== "failed" && outcome !== "warning" && !wanting;
  spoken.textContent = line.querySelector(".heading-line").textContent;
}

/** Tries one thing; whatever goes wrong is a failure of it. */
async function probe(name, work) {
  trying(name);
  try {
    note(name, await work());
  } catch {
    note(name, { outcome: "failed" });
  }
}

// The ways to the server

async function clocks() {
  trying("clock");
  trying("round_trip");
  const readings = [];
  try {
    for (let trip = 0; trip < TRIPS; trip += 1) {
      const sent = Date.now();
      const response = await fetch(time, { cache: "no-store", signal: AbortSignal.timeout(8000) });
      const { now } = await response.json();
      readings.push({ sent, received: Date.now(), server: Date.parse(now) });
    }
    note("clock", clockDifference(readings));
    note("round_trip", roundTrip(readings.map(({ sent, received }) => received - sent)));
  } catch {
    note("clock", { outcome: "failed" });
    note("round_trip", { outcome: "failed" });
  }
}

function events() {
  return new Promise((resolve) => {
    const source = new EventSource(`${api}/events`);
    const end = (outcome) => {
      clearTimeout(patience);
      source.close();
      resolve({ outcome });
    };
    const patience = setTimeout(() => end("failed"), EVENTS_WITHIN);
    source.addEventListener("clock", () => end("passed"));
  });
}

async function room() {
  const storage = navigator.storage;
  const persisted = await storage?.persisted?.();
  const { quota, usage } = (await storage?.estimate?.()) ?? {};
  return storageRoom({ quota, usage, persisted });
}

// Saving, as in the exam room

let store;
let queue;
let sender;
let waiting = [];
const kept = `${scope} ${api}`;

/** Resolves when `test` holds after some report of the sender, or to false when it takes too long. */
function until(test, patience = Infinity) {
  return new Promise((resolve) => {
    const waiter = () => test() && resolve(true);
    waiting.push(waiter);
    if (patience !== Infinity) setTimeout(() => resolve(false), patience);
    waiter();
  });
}

let state = "idle";

async function openQueue() {
  const { saved } = await call("");
  queue = new Queue(kept, store);
  await queue.open(saved);
  sender = new Sender({
    queue,
    transport,
    report: ({ kind }) => {
      state = kind;
      for (const waiter of waiting) waiter();
    },
  });
  addEventListener("online", () => sender.retry());
}

async function change(position, choice) {
  await queue.put(position, { choice });
  const { revision } = queue.get(position) ?? {};
  return { position, revision, choice };
}

async function save() {
  await openQueue();
  const answer = await change(1, "a");
  const onDevice = (await store.all(kept)).some(({ position, revision }) => position === 1 && revision === answer.revision);
  sender.now();
  const sent = await until(() => queue.size === 0, SAVED_WITHIN);
  const { saved } = await call("");
  return { outcome: onDevice && sent && holds(saved, [answer]) ? "passed" : "failed" };
}

// Without the network

const pull = document.getElementById("pull-out");
const pullText = document.getElementById("pull-text");
const skip = document.getElementById("pull-skip");

function tell(phase) {
  pull.hidden = false;
  pull.dataset.phase = phase;
  pullText.textContent = say(`pull-${phase}`);
}

/** Whether the server answers. */
async function reached() {
  try {
    await fetch(time, { cache: "no-store", signal: AbortSignal.timeout(4000) });
    return true;
  } catch {
    return false;
  }
}

async function pullOut() {
  let skipped = false;
  skip.addEventListener("click", () => {
    skipped = true;
  });
  tell("ask");
  pull.scrollIntoView({ block: "center" });
  while (!skipped && (await reached())) await pause(500);
  if (skipped) {
    pull.hidden = true;
    return { outcome: "skipped" };
  }
  skip.parentElement.hidden = true;

  const answers = [await change(2, "b"), await change(3, "c")];
  sender.now();
  await until(() => state === "offline");
  const onDevice = (await store.all(kept)).filter(({ position }) => position === 2 || position === 3).length;
  if (onDevice !== answers.length) return { outcome: "failed" };
  tell("kept");
  while (!(await reached())) await pause(500);
  tell("back");
  sender.retry();
  const sent = await until(() => queue.size === 0, SAVED_WITHIN);
  const { saved } = await call("");
  if (!sent || !holds(saved, answers)) return { outcome: "failed" };
  tell("done");
  return { outcome: "passed" };
}

// The result

async function report() {
  const outcome = document.getElementById("outcome");
  const text = document.getElementById("outcome-text");
  outcome.hidden = false;
  text.textContent = say("reporting");
  try {
    const response = await fetch(reportTo, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ findings: [...findings.values()] }),
      credentials: "same-origin",
      signal: AbortSignal.timeout(20000),
    });
    if (!response.ok) throw new Error(response.statusText);
    const { passed, findings: judged } = await response.json();
    for (const { check, outcome: found, measure } of judged) note(check, { outcome: found, measure });
    document.getElementById("outcome-badge").replaceChildren(badge(passed ? "fit" : "unfit"));
    text.textContent = say(passed ? "fit" : "unfit");
    outcome.dataset.passed = String(passed);
  } catch {
    text.textContent = say("report-failed");
    outcome.dataset.passed = "unknown";
  }
  document.getElementById("outcome-title").focus();
  outcome.scrollIntoView({ block: "center" });
}

async function check() {
  note("modules", { outcome: "passed" });
  await probe("device_storage", async () => {
    store = await openStore();
    return { outcome: store.durable ? "passed" : "failed" };
  });
  await probe("storage_room", room);
  await clocks();
  await probe("events", events);
  await probe("save", save);
  note("safe_exam_browser", { outcome: "SafeExamBrowser" in window ? "passed" : "skipped" });
  if (findings.get("save").outcome === "passed") await probe("pull_out", pullOut);
  else note("pull_out", { outcome: "skipped" });
  sender?.stop();
  await report();
}

check();
