// The proctor's board: keeps the table that the server made current, without moving it under the hand.
//
// Reads `{now, items: [{registration, person: {name}, presence, attention, running, last_contact, last_save, incidents}]}`
// where `running` is null or `{attempt, part, answered, of, deadline, credited_seconds}`; instants are RFC 3339, and the
// order of the rows is the server's. A row that gained or lost a part, or is new, is taken from the page itself, so
// that its words and its form are made in one place.

import { age, clockFace, rowShape } from "./boardtime.js";

const EVERY = 5000;
const STALE = 15000;
const board = document.getElementById("board");
if (board) start(board);

function start(section) {
  const words = section.dataset;
  const fresh = document.getElementById("board-fresh");
  const alertLine = document.getElementById("board-alert");
  const body = () => section.querySelector("tbody");
  const rowOf = (registration) => body().querySelector(`tr[data-key="${CSS.escape(registration)}"]`);
  let clock = { server: Number(words.now), local: performance.now() };
  let heard = performance.now();
  const now = () => clock.server + performance.now() - clock.local;

  function put(row, cell, text) {
    const element = row.querySelector(`[data-cell="${cell}"]`);
    if (element && element.textContent !== text) element.textContent = text;
  }

  function badge(row, cell, value, template) {
    const element = row.querySelector(`[data-cell="${cell}"]`);
    if (!element || element.dataset.value === value) return;
    element.dataset.value = value;
    element.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
  }

  function update(item) {
    const row = rowOf(item.registration);
    const presence = row.querySelector('[data-cell="presence"]');
    if (item.presence === "disconnected" && presence.dataset.value !== "disconnected") {
      alertLine.textContent = alertLine.dataset.lost.replace("{name}", item.person?.name ?? "");
    }
    badge(row, "presence", item.presence, section.querySelector(`template[data-presence="${CSS.escape(item.presence)}"]`));
    badge(row, "attention", String(Boolean(item.attention)), item.attention ? section.querySelector("template[data-attention]") : null);
    row.classList.toggle("attention", Boolean(item.attention));
    if (item.running) {
      put(row, "answered", `${item.running.answered}/${item.running.of}`);
      const left = row.querySelector('[data-cell="left"]');
      if (left) left.dataset.deadline = String(Date.parse(item.running.deadline));
    }
    for (const [cell, at] of [["save", item.last_save], ["contact", item.last_contact]]) {
      const element = row.querySelector(`[data-cell="${cell}"]`);
      if (at) element.dataset.at = String(Date.parse(at)); else delete element.dataset.at;
    }
  }

  /** Rows whose shape changed come from the page, each alone, so that an open form elsewhere stays open. */
  async function renew(changed) {
    const response = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const registration of changed) {
      const made = page.querySelector(`#board tr[data-key="${CSS.escape(registration)}"]`);
      if (!made) continue;
      const old = rowOf(registration);
      if (old) old.replaceWith(document.adoptNode(made)); else body().append(document.adoptNode(made));
    }
  }

  function busy() {
    return body().contains(document.activeElement) || body().querySelector("details[open]") !== null;
  }

  function reorder(rows) {
    if (busy()) return;
    const wanted = rows.map((item) => rowOf(item.registration)).filter(Boolean);
    const there = [...body().children];
    if (wanted.every((row, index) => row === there[index])) return;
    body().append(...wanted);
  }

  function count(rows) {
    for (const line of section.querySelectorAll("[data-count]")) {
      const number = String(rows.filter((item) => item.presence === line.dataset.count).length);
      const figure = line.querySelector(".figure");
      if (figure.textContent !== number) figure.textContent = number;
    }
  }

  async function poll() {
    const response = await fetch(words.api, { headers: { accept: "application/json" } });
    if (!response.ok) return;
    const answer = await response.json();
    clock = { server: Date.parse(answer.now), local: performance.now() };
    heard = performance.now();
    const gone = new Set([...body().children].map((row) => row.dataset.key));
    for (const item of answer.items) gone.delete(item.registration);
    for (const registration of gone) rowOf(registration).remove();
    const shapeOf = (row) => row?.querySelector("[data-shape]")?.dataset.shape;
    const changed = answer.items
      .filter((item) => shapeOf(rowOf(item.registration)) !== rowShape(item))
      .map((item) => item.registration)
      .filter((registration) => !rowOf(registration)?.contains(document.activeElement));
    if (changed.length > 0) await renew(changed);
    answer.items.filter((item) => rowOf(item.registration)).forEach(update);
    reorder(answer.items);
    count(answer.items);
    tick();
  }

  function tick() {
    const at = now();
    for (const row of body().children) {
      const left = row.querySelector('[data-cell="left"]');
      if (left) put(row, "left", clockFace((Number(left.dataset.deadline) - at) / 1000));
      for (const cell of ["save", "contact"]) {
        const since = row.querySelector(`[data-cell="${cell}"]`).dataset.at;
        put(row, cell, since === undefined ? words.never : age(words, (at - Number(since)) / 1000));
      }
    }
    const stale = performance.now() - heard > STALE;
    fresh.dataset.state = stale ? "stale" : "fresh";
    const time = new Date(clock.server).toLocaleTimeString(document.documentElement.lang, { timeZone: words.zone, hourCycle: "h23" });
    const text = stale ? words.stale : words.fresh.replace("{time}", time);
    if (fresh.textContent === text) return;
    fresh.textContent = text;
    if (stale) alertLine.textContent = words.stale;
  }

  async function round() {
    if (document.visibilityState === "visible") {
      try { await poll(); } catch { /* The line says since when nothing was heard. */ }
    }
    setTimeout(round, EVERY);
  }

  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") poll().catch(() => {}); });
  document.getElementById("board-attention").addEventListener("change", (event) => {
    section.classList.toggle("only-attention", event.target.checked);
  });
  setInterval(tick, 1000);
  setTimeout(round, EVERY);
}
