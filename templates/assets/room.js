// The exam room: fetches the paper once, then needs the server only to save. The server's clock and the server's word that a
// part is closed are the only ones that count here.

import { Carry } from "./carry.js";
import { Choices } from "./choices.js";
import { PartClock, ServerClock, face, warning } from "./clock.js";
import { Curtain } from "./curtain.js";
import { openHistory } from "./history.js";
import { Keep, within } from "./keep.js";
import { make } from "./make.js";
import { Messages } from "./messages.js";
import { Notes } from "./notes.js";
import { among, numberOpening } from "./opening.js";
import { call, transport } from "./paper.js";
import { Prose } from "./prose.js";
import { Queue } from "./queue.js";
import { SaveLine } from "./saveline.js";
import { Sender, backoff } from "./sender.js";
import { Settings } from "./settings.js";
import { openStore } from "./store.js";
import { Versions } from "./versions.js";
import { count, say } from "./words.js";

const root = document.getElementById("room");
const api = root.dataset.api;
const work = document.getElementById("work");
const alertLine = document.getElementById("alert");
const dialog = document.getElementById("review");
const keep = within(new Keep(root.dataset.scope), api);
const line = new SaveLine(root.dataset.signIn);
const clock = new ServerClock();

const partClock = new PartClock(clock, Number(root.dataset.deadline));
const curtain = new Curtain({ endBreak, time: (instant) => timeOfDay(instant) });

const messages = new Messages({ keep, time: (instant) => timeOfDay(instant) });

let secondsLeft = Infinity;
let closing = false;
let readOnly = false;
// Whether events reach this page.
let told = false;
// The number of this page's opening, and how often something was stored since that an earlier page had kept.
let opening;
let earlierSaves = 0;
let queue;
let sender;
let view;
let events;
let positions = [];
const settings = new Settings(root, (on) => view?.showList(on));
const marks = new Carry({ keep, name: "notes", versioned: true, send: (document) => call("/notes", { method: "PUT", body: document }) });
const versions = new Versions(keep, () => clock.now());

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function tell(text, tone = "attention") {
  alertLine.hidden = text === "";
  alertLine.dataset.tone = tone;
  alertLine.replaceChildren(text);
}

async function loadFailed(error, failures) {
  if (error.status === 401) line.signedOut();
  tell(say("load-failed"), "danger");
  await pause(Math.max(error.retryAfter ?? 0, 500, backoff(failures)));
}

// The paper, however long it takes. While the clock stands it is withheld, and the page stays covered.
async function fetchPaper() {
  for (let failures = 1; ; failures += 1) {
    try {
      const paper = await call("");
      if (paper.state !== "paused") return paper;
      failures = 0;
      tell("");
      // What is known already is no news.
      partClock.deadline = Date.parse(paper.deadline);
      showSaved(paper);
      do await readClock();
      while (partClock.stop && !(await pause(1000 + Math.random() * 600)));
    } catch (error) {
      if (error.code === "safe_exam_browser_required") {
        // The page made anew says what to do, or proves it and comes back.
        location.reload();
        return new Promise(() => {});
      }
      await loadFailed(error, failures);
    }
  }
}

function showSaved({ saved }) {
  const last = saved.map((answer) => answer.saved_at).filter(Boolean).sort().at(-1);
  if (last) line.saved(last);
}

async function open() {
  const loaded = clock.tick();
  clock.sample(Number(root.dataset.now), loaded, loaded + 4000);
  const marked = call("/notes").catch(() => null);
  opening = await numberOpening(call, loadFailed);
  // Whatever an earlier page saves from now on, this one hears of.
  const paper = await fetchPaper();
  tell("");
  if (paper.state === "closed") return location.reload();
  partClock.deadline = Date.parse(paper.deadline);
  explain(paper.terms);

  const store = await openStore();
  const scope = `${root.dataset.scope} ${api}`;
  queue = new Queue(scope, store, opening);
  const kept = await queue.open(paper.saved);
  sender = new Sender({ queue, transport, report });
  const answers = new Map(paper.saved.map(({ position, ...body }) => [position, body]));
  for (const { position, body } of kept) answers.set(position, body);
  const notes = new Notes(marks, await marked);
  positions = (paper.questions ?? paper.vignettes).map(({ position }) => position);
  settings.arrange(paper.presentation);
  view = new (paper.part === "one" ? Choices : Prose)({ work, paper, answers, changed, notes, keysOn: () => settings.keysOn, versions, earlier, review, keep, ask: async (position, text) => (await call("/screening", { method: "POST", body: { position, text } })).findings });
  if (paper.part === "one") view.showList(settings.listView);
  if (readOnly) lock();
  work.setAttribute("aria-busy", "false");
  if (!store.durable) tell(say("memory-only"));

  showSaved(paper);
  if (kept.length > 0) sender.now();
  among(scope, opening, takenOver);
  listen();
  readClock();
  keepReadingClock();
  setInterval(tick, 250);
}

function changed(position, body) {
  if (closing || readOnly) return;
  queue.put(position, body).catch(() => tell(say("memory-only")));
  line.kept(queue.size);
  if ("text" in body) sender.soon();
  else sender.now();
}

// Earlier versions of the prose at a position. What stands there is stored before anything takes its place.
function earlier(position, name) {
  const put = async (text) => {
    if (closing || readOnly) return;
    await Promise.race([sender.flush(), pause(3000)]);
    view.replace(position, text);
    sender.now();
  };
  openHistory({
    name,
    current: view.text(position),
    device: versions.list(position),
    locale: root.dataset.locale,
    server: async () => (await call(`/answers/${position}/history`)).items,
    restore: (text, time) => put(text).then(() => tell(say("version-restored", { time }), "accent")),
    insert: (paragraph) => put([view.text(position).trimEnd(), paragraph].filter(Boolean).join("\n\n")).then(() => tell(say("version-inserted"), "accent")),
  });
}

function report(event) {
  switch (event.kind) {
    case "saving":
      return line.saving();
    case "saved":
      return event.waiting > 0 ? line.saving() : line.saved(event.savedAt);
    case "offline":
      return line.offline(event.waiting);
    case "signed-out":
      return line.signedOut();
    case "refused":
      return tell(say("refused", { detail: event.problem.detail ?? event.problem.code ?? "" }), "danger");
    case "superseded":
      return takeNewer();
    case "closed":
      return closed();
  }
}

// The server holds a newer answer than this page: show it, except where something was changed here since.
async function takeNewer() {
  try {
    const paper = await call("");
    for (const { position, ...body } of paper.saved) if (!queue.get(position)) view.set(position, body);
    if (!readOnly) tell(say("newer-taken"));
  } catch {
    // The next acknowledgement asks again.
  }
}

// The clock

async function readClock() {
  const sent = clock.tick();
  try {
    takeClock(await call(`/clock?opening=${opening}`, { timeout: 8000 }), sent, clock.tick());
    // Where no events come, messages are asked for too.
    if (!told) await readMessages();
  } catch (error) {
    if (error.status === 401) line.signedOut();
  }
}

async function readMessages() {
  messages.take((await call("/messages", { timeout: 8000 })).items);
}

function takeClock(answer, sent, received) {
  clock.sample(Date.parse(answer.now), sent, received);
  if (answer.state === "closed") return closed();
  const { moved, turned } = partClock.take(answer);
  explain(answer.terms);
  if (turned || partClock.stop) stand();
  if (turned && !partClock.stop) tell(say("resumed", { time: timeOfDay(partClock.deadline) }), "accent");
  else if (moved) tell(say("deadline-moved", { time: timeOfDay(partClock.deadline) }), "accent");
  if (moved || turned) secondsLeft = Infinity;
  tick();
  if (answer.taken_over) takenOver();
  takeEarlier(answer.earlier_saves);
}

// What an earlier page had kept without a network was stored since: it is shown here too.
function takeEarlier(saves = earlierSaves) {
  if (saves === earlierSaves) return;
  earlierSaves = saves;
  takeNewer();
}

// The clock stands, or runs on: the paper is covered or shown. What waits is sent meanwhile, the server takes it.
function stand() {
  if (partClock.stop) {
    tell("");
    sender?.flush();
  }
  curtain.show(partClock.stop);
}

async function takeBreak(button, path) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  const sent = clock.tick();
  try {
    await sender?.flush();
    takeClock(await call(path, { method: "POST" }), sent, clock.tick());
  } catch (error) {
    if (error.status === 401) line.signedOut();
    tell(say("break-refused", { detail: error.detail ?? "" }), "danger");
  }
  button.ariaDisabled = "false";
}

function endBreak(button) {
  return takeBreak(button, "/break/end");
}

const timeOfDay = (instant) => new Date(instant).toLocaleTimeString(root.dataset.locale, { hour: "numeric", minute: "2-digit" });

// What the time is made of, in the same terms as on the proctor's board.
function explain(terms) {
  const said = terms.map(({ kind, seconds, reason }) => say(kind === "accommodation" && reason ? "term-break" : `term-${kind}`, { time: face(seconds), reason: reason ?? "" }));
  document.getElementById("sum").textContent = say("sum", { terms: said.join(" + "), time: timeOfDay(partClock.deadline) });
}

// Every twenty seconds, spread by a few, so that a full room does not ask in step; where no events come, every one or two. A
// page that was taken over hears no events either: it has only to be covered in time when everything stands still.
async function keepReadingClock() {
  while (!closing) {
    const [least, spread] = told ? [18000, 4000] : readOnly ? [3000, 1000] : [1200, 600];
    await pause(least + Math.random() * spread);
    if (!closing) await readClock();
  }
}

function tick() {
  if (closing) return;
  const before = secondsLeft;
  secondsLeft = partClock.left();
  if (before === secondsLeft) return;
  const shown = document.querySelector("#clock .countdown");
  shown.textContent = face(secondsLeft);
  root.dataset.low = String(secondsLeft <= 300);
  const minutes = Number.isFinite(before) ? warning(before, secondsLeft) : null;
  if (minutes !== null) tell(count("left", minutes), minutes === 1 ? "danger" : "attention");
  if (secondsLeft === 0) timeUp();
}

// Events from the server

function listen(failures = 0) {
  if (readOnly) return;
  events = new EventSource(`${api}/events?opening=${opening}`);
  const on = (name, take) => events.addEventListener(name, (event) => take(parse(event.data)));
  on("clock", (answer) => {
    // What was said while nothing reached this page.
    if (!told) readMessages().catch(() => {});
    told = true;
    root.dataset.live = "true";
    const received = clock.tick();
    // One way only, so half of what it may have taken is unknown.
    takeClock(answer, received - 2000, received);
  });
  on("message", (message) => messages.take([message]));
  on("closed", (answer) => closed(answer.reason));
  on("earlier_saves", (answer) => takeEarlier(answer.earlier_saves));
  on("taken_over", () => takenOver());
  events.onopen = () => {
    failures = 0;
    if (queue.size > 0) sender.retry();
  };
  events.onerror = () => {
    told = false;
    root.dataset.live = "false";
    if (events.readyState !== EventSource.CLOSED || closing || readOnly) return;
    setTimeout(() => closing || listen(failures + 1), 1000 + backoff(failures + 2));
  };
}

function parse(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}

// The ends of a part

// What is locked lets go of the focus: then it goes to the line that says why.
function lock() {
  const focused = document.activeElement;
  view?.lock();
  for (const button of document.querySelectorAll(".to-review, #submit")) button.disabled = true;
  if (focused?.disabled) alertLine.focus();
}

/** The server's word that the part is closed: what is kept here is sent as late evidence, then the receipt is shown. */
async function closed(reason) {
  if (closing) return;
  closing = true;
  tell(reason ? say("closed-by-proctor", { reason }) : say("closed-elsewhere"), "accent");
  lock();
  versions.forget(positions);
  // What somebody has to say is there long enough to be read; the receipt says it again.
  await Promise.all([Promise.race([sender?.flush(), pause(5000)]), pause(reason ? 4000 : 0)]);
  location.reload();
}

/** Time is up by the server's clock: nothing changes any more, the last changes are sent, then the receipt is shown. */
async function timeUp() {
  closing = true;
  dialog.close();
  tell(say("time-up"), "accent");
  lock();
  for (let failures = 1; ; failures += 1) {
    const sent = await sender.flush();
    if (sent) versions.forget(positions);
    if (sent && (await isClosed())) return location.reload();
    if (!sent) tell(say("time-up-offline"), "danger");
    await pause(500 + backoff(failures));
  }
}

async function isClosed() {
  try {
    const sent = clock.tick();
    const answer = await call("/clock", { timeout: 8000 });
    clock.sample(Date.parse(answer.now), sent, clock.tick());
    // Time was credited in the last moment: the page is fetched anew and goes on.
    return answer.state !== "open" || Date.parse(answer.deadline) > clock.now() + 1000;
  } catch {
    return false;
  }
}

// Another page was opened since: this one only shows the paper. What it has kept is still sent; what was changed on the other
// page is newer, and stays.
function takenOver() {
  if (readOnly || closing) return;
  readOnly = true;
  told = false;
  events?.close();
  marks.stop();
  dialog.close();
  const here = make("button", { type: "button" }, say("continue-here"));
  here.addEventListener("click", () => location.reload());
  tell(say("taken-over"), "danger");
  alertLine.append(" ", here);
  lock();
  if (queue?.size > 0) sender.retry();
}

// Submitting

function review() {
  if (closing || readOnly || partClock.stop) return;
  const { open: missing, flagged } = view.summary();
  const body = document.getElementById("review-body");
  body.replaceChildren();
  if (missing.length === 0) body.append(make("p", {}, say("review-complete")));
  else body.append(make("p", {}, make("strong", {}, say("review-unanswered"))), links(missing));
  if (flagged.length > 0) body.append(make("p", {}, make("strong", {}, say("review-flagged"))), links(flagged));
  if (queue.size > 0) body.append(make("p", {}, say("review-unsaved")));
  dialog.showModal();
}

function links(items) {
  const list = make("ul", { class: "plain places" });
  for (const { label, name, go } of items) {
    const button = make("button", { type: "button", "aria-label": name }, label);
    button.addEventListener("click", () => {
      dialog.close();
      go();
    });
    list.append(make("li", {}, button));
  }
  return list;
}

async function submit(button) {
  if (button.ariaDisabled === "true") return;
  const label = button.textContent;
  // A disabled button would let go of the focus.
  button.ariaDisabled = "true";
  button.textContent = say("submitting");
  try {
    if (!(await sender.flush())) throw new Error("unsent");
    await call("/submit", { method: "POST", body: {} });
    closing = true;
    versions.forget(positions);
    location.reload();
  } catch (error) {
    if (error.status === 401) line.signedOut();
    button.ariaDisabled = "false";
    button.textContent = label;
    dialog.close();
    tell(say("submit-failed"), "danger");
  }
}

document.getElementById("break-begin")?.addEventListener("click", (event) => sender && takeBreak(event.currentTarget, "/break"));
document.getElementById("submit").addEventListener("click", (event) => submit(event.currentTarget));
document.getElementById("keep-working").addEventListener("click", () => dialog.close());
addEventListener("online", () => {
  sender?.retry();
  marks.retry();
});
document.getElementById("versions-close")?.addEventListener("click", () => document.getElementById("versions").close());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    sender?.flush();
    marks.flush();
  }
  else if (queue && !closing) {
    readClock();
    if (queue.size > 0) sender.retry();
  }
});
addEventListener("beforeunload", (event) => {
  if (queue?.size > 0 && !closing) event.preventDefault();
});
open();
