// The marking desk: keeps the draft of one review, totals it, and seals it or gives it back.
//
// The page arrives complete from the server; every word shown here comes from its data attributes.

import { DraftKeeper, fill, missing } from "./drafts.js";
import { Highlights } from "./highlights.js";
import { SignIn } from "./signin.js";
import { make } from "./make.js";
import { Queue } from "./queue.js";
import { openStore } from "./store.js";

const form = document.getElementById("review");
const saveLine = document.getElementById("save-line");
const sealDialog = document.getElementById("seal-dialog");
const declineDialog = document.getElementById("decline-dialog");
const actLine = document.getElementById("act-line");
const { api, queue, next } = form.dataset;
const signInHere = new SignIn();
const fieldsets = [...form.querySelectorAll("fieldset.criterion")];
const criteria = fieldsets.map((set) => ({ id: set.dataset.criterion, title: set.dataset.title }));

// The interface

async function call(method, path, body, keepalive = false) {
  const response = await fetch(api + path, {
    method,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    keepalive,
  });
  const text = await response.text();
  let parsed = null;
  try { parsed = text ? JSON.parse(text) : null; } catch { parsed = null; }
  return { status: response.status, body: parsed };
}

function detailOf({ status, body }) {
  const errors = (body?.errors ?? []).map((error) => error.detail).join(" ");
  return [body?.detail ?? body?.title ?? String(status), errors].filter(Boolean).join(" ");
}

// The review as the page holds it

const highlights = new Highlights(criteria, () => changed());

function readReview() {
  const scores = {};
  for (const set of fieldsets) {
    const chosen = set.querySelector("input:checked");
    if (chosen) scores[set.dataset.criterion] = Number(chosen.value);
  }
  const verdict = form.querySelector("input[name=verdict]:checked")?.value;
  return {
    scores,
    ...(verdict && { verdict }),
    remarks_for_examinee: form.elements.remarks_for_examinee.value,
    remarks_internal: form.elements.remarks_internal.value,
    highlights: highlights.all.map((passage) => ({ ...passage })),
  };
}

function writeReview(review) {
  for (const set of fieldsets) {
    const points = review.scores?.[set.dataset.criterion];
    for (const input of set.querySelectorAll("input")) input.checked = points !== undefined && Number(input.value) === points;
  }
  for (const input of form.querySelectorAll("input[name=verdict]")) input.checked = input.value === review.verdict;
  form.elements.remarks_for_examinee.value = review.remarks_for_examinee ?? "";
  form.elements.remarks_internal.value = review.remarks_internal ?? "";
  highlights.all = review.highlights ?? [];
  total();
}

function total() {
  const { scores } = readReview();
  const points = Object.values(scores);
  document.getElementById("total").value = points.reduce((sum, each) => sum + each, 0);
  const scored = document.getElementById("scored");
  scored.textContent = fill(scored.dataset.pattern, { done: points.length, all: criteria.length });
}

// Saving

function show(state, detail) {
  saveLine.dataset.state = state;
  const words = saveLine.dataset;
  if (state === "saved") {
    const time = new Date(detail ?? Date.now()).toLocaleTimeString(document.documentElement.lang, { hour12: false });
    saveLine.textContent = fill(words.saved, { time });
  } else if (state === "signed-out") {
    if (saveLine.querySelector("button")) return;
    const button = make("button", { type: "button", class: "quiet" }, words.signInWord);
    button.addEventListener("click", () => signInHere.ask(() => keeper.flush()));
    saveLine.replaceChildren(words.signedOut, " ", button);
  } else {
    saveLine.textContent = { saving: words.saving, offline: words.offline, refused: fill(words.refused, { detail }) }[state] ?? "";
  }
}

const scope = `review:${form.dataset.code}`;
const store = await openStore();
const keeper = new DraftKeeper({
  queue: new Queue(scope, store),
  send: (draft) => call("PUT", "/draft", draft, document.visibilityState === "hidden"),
  show,
  newer: async () => {
    const { status, body } = await call("GET", "").catch(() => ({ status: 0 }));
    if (status === 200 && body.sealed) location.reload();
    else if (status === 200 && body.draft && !keeper.pending) { writeReview(body.draft); show("saved", body.draft.saved_at); }
  },
});

/** Nothing of a script that is done with stays on this device. */
async function close() {
  keeper.close();
  await store.remove(scope, "draft", Number.MAX_SAFE_INTEGER).catch(() => {});
}

const kept = await keeper.open(Number(form.dataset.revision));
if (kept) { writeReview(kept); show("saving"); } else total();

const changed = () => { total(); keeper.change(readReview()); };
form.addEventListener("input", changed);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("online", () => keeper.flush());
window.addEventListener("focus", () => keeper.flush());
window.addEventListener("pagehide", () => keeper.flush());
document.addEventListener("visibilitychange", () => keeper.flush());

// Keys: only while the focus is in the rubric, and never while typing.

let current = fieldsets[0];
form.addEventListener("focusin", (event) => { current = event.target.closest("fieldset.criterion") ?? current; });
form.closest(".pane-rubric").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("textarea, input:not([type=radio])")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step) {
    const to = fieldsets[Math.min(fieldsets.length - 1, Math.max(0, fieldsets.indexOf(current) + step))];
    (to.querySelector("input:checked") ?? to.querySelector("input")).focus();
    event.preventDefault();
  } else if (/^[1-9]$/.test(event.key)) {
    const input = current.querySelectorAll("input")[Number(event.key) - 1];
    if (!input) return;
    input.checked = true;
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    event.preventDefault();
  }
});

// Dialogs

for (const dialog of [sealDialog, declineDialog]) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}

function problem(dialog, text) {
  const line = dialog.querySelector(".error");
  line.hidden = !text;
  line.textContent = text ?? "";
}

function summary(review) {
  const list = document.getElementById("seal-summary");
  const { total: totalWord, verdict: verdictWord, remarks: remarksWord, passages: passagesWord } = list.dataset;
  const labels = (input) => input?.closest("label").textContent.trim();
  const chosen = form.querySelector("input[name=verdict]:checked");
  const sum = Object.values(review.scores).reduce((all, each) => all + each, 0);
  const lines = [
    ...criteria.map(({ id, title }) => [title, review.scores[id] ?? sealDialog.dataset.none]),
    [totalWord, sum],
    [verdictWord, labels(chosen) ?? "–"],
    [remarksWord, review.remarks_for_examinee.trim() || "–"],
    [passagesWord, review.highlights.length],
  ];
  list.replaceChildren(...lines.map(([term, value]) => {
    const line = document.createElement("div");
    line.append(Object.assign(document.createElement("dt"), { textContent: term }), Object.assign(document.createElement("dd"), { textContent: value }));
    return line;
  }));
}

document.getElementById("seal").addEventListener("click", () => {
  const review = readReview();
  const lacks = missing(criteria, review);
  const words = sealDialog.dataset;
  const said = { criterion: ({ title }) => fill(words.missingCriterion, { title }), verdict: () => words.missingVerdict, remarks: () => words.missingRemarks };
  const box = document.getElementById("seal-missing");
  box.hidden = lacks.length === 0;
  box.querySelector("ul").replaceChildren(...lacks.map((lack) => Object.assign(document.createElement("li"), { textContent: said[lack.kind](lack) })));
  document.getElementById("seal-confirm").hidden = lacks.length > 0;
  document.getElementById("seal-text").hidden = lacks.length > 0;
  summary(review);
  problem(sealDialog, null);
  sealDialog.showModal();
});

async function once(button, act) {
  if (button.disabled) return;
  button.disabled = true;
  try { await act(); } finally { button.disabled = false; }
}

document.getElementById("seal-confirm").addEventListener("click", (event) => once(event.currentTarget, async () => {
  const answer = await call("POST", "/seal", keeper.keep(readReview())).catch(() => null);
  if (!answer) return problem(sealDialog, sealDialog.dataset.needsNetwork);
  if (answer.status === 401) {
    // The review as it is shown waits in the dialog; once signed in, the same button seals it.
    show("signed-out");
    signInHere.ask(() => { show("saving"); keeper.flush(); });
    return;
  }
  const already = answer.status === 409 && answer.body?.code === "already_sealed";
  if (answer.status !== 200 && !already) return problem(sealDialog, fill(sealDialog.dataset.failed, { detail: detailOf(answer) }));
  await close();
  if (already) location.reload(); else location.assign(next ?? queue);
}));

// Giving the script back, and reporting something about it

let declining = null;
function askDecline(reason, note, title) {
  declining = { reason, ...(note && { note }) };
  document.getElementById("decline-title").textContent = title;
  problem(declineDialog, null);
  declineDialog.showModal();
}

document.getElementById("recognise").addEventListener("click", (event) => askDecline("recognised", "", event.currentTarget.textContent));
document.getElementById("decline").addEventListener("submit", (event) => {
  event.preventDefault();
  const { reason, note } = event.target.elements;
  const label = event.target.querySelector("input[name=reason]:checked").closest("label").textContent.trim();
  askDecline(reason.value, note.value.trim(), label);
});
document.getElementById("decline-confirm").addEventListener("click", (event) => once(event.currentTarget, async () => {
  const answer = await call("POST", "/decline", declining).catch(() => ({ status: 0, body: { detail: sealDialog.dataset.needsNetwork } }));
  if (answer.status !== 204) return problem(declineDialog, fill(sealDialog.dataset.failed, { detail: detailOf(answer) }));
  await close();
  location.assign(next ?? queue);
}));

document.getElementById("flag").addEventListener("submit", async (event) => {
  event.preventDefault();
  const target = event.target;
  const { kind, note } = target.elements;
  const answer = await call("POST", "/flags", { kind: kind.value, note: note.value.trim() }).catch(() => ({ status: 0, body: null }));
  const sent = answer.status === 204;
  actLine.textContent = sent ? actLine.dataset.sent : fill(sealDialog.dataset.failed, { detail: detailOf(answer) });
  if (sent) { target.reset(); target.closest("details").open = false; }
});
