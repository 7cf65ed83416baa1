// The proctor's board: keeps the table that the server made current, without moving it under the hand.
//
// The server pushes `{now, items, gone, pause, log}`, where `items` are the rows that changed: `{registration, person: {name},
// presence, attention, running, last_contact, last_save, incidents}`, where `running` is null or `{attempt, part, answered,
// of, deadline, stopped_with_seconds}`; instants are RFC 3339. Where nothing can be pushed, the same is asked for every few
// seconds. A row whose part or time changed, or that is new, is taken from the page itself, so that its words and its forms
// are made in one place; not while somebody is at work in it.

import { age, clockFace, inOrder, rowShape } from "./boardtime.js";

const EVERY = 4000;
const STALE = 15000;
/** How many rows are asked for by name; beyond that the whole page is fetched. */
const BY_NAME = 40;
const board = document.getElementById("board");
if (board) start(board);

function start(section) {
  const words = section.dataset;
  let log = null;
  const fresh = document.getElementById("board-fresh");
  const alertLine = document.getElementById("board-alert");
  const items = new Map();
  const body = () => section.querySelector("tbody");
  // Rows and their cells by name: with hundreds of rows, looking for each anew takes longer than everything else.
  const rows = new Map([...body().children].map((row) => [row.dataset.key, row]));
  const cells = new WeakMap();
  const rowOf = (registration) => rows.get(registration) ?? null;
  const cellOf = (row, name) => {
    if (!cells.has(row)) cells.set(row, new Map([...row.querySelectorAll("[data-cell]")].map((cell) => [cell.dataset.cell, cell])));
    return cells.get(row).get(name) ?? null;
  };
  // What was not looked through since it changed.
  let stirred = true;
  let unordered = true;
  let clock = { server: Number(words.now), local: performance.now() };
  let heard = performance.now();
  let pointed = -Infinity;
  let paused = words.paused === "true";
  let pushed = false;
  let renewing = false;
  const now = () => clock.server + performance.now() - clock.local;

  function put(row, cell, text) {
    const element = cellOf(row, cell);
    if (element && element.textContent !== text) element.textContent = text;
  }

  function badge(row, cell, value, template) {
    const element = cellOf(row, cell);
    if (!element || element.dataset.value === value) return;
    element.dataset.value = value;
    element.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
  }

  function update(row, item) {
    const presence = cellOf(row, "presence");
    if (item.presence === "disconnected" && presence.dataset.value !== "disconnected") {
      alertLine.textContent = alertLine.dataset.lost.replace("{name}", item.person?.name ?? "");
    }
    badge(row, "presence", item.presence, section.querySelector(`template[data-presence="${CSS.escape(item.presence)}"]`));
    badge(row, "attention", String(Boolean(item.attention)), item.attention ? section.querySelector("template[data-attention]") : null);
    row.classList.toggle("attention", Boolean(item.attention));
    if (item.running) {
      put(row, "answered", `${item.running.answered}/${item.running.of}`);
      const left = cellOf(row, "left");
      if (left) {
        left.dataset.deadline = String(Date.parse(item.running.deadline));
        const stopped = item.running.stopped_with_seconds;
        if (stopped === null || stopped === undefined) delete left.dataset.stopped; else left.dataset.stopped = String(stopped);
      }
    }
    for (const [cell, at] of [["save", item.last_save], ["contact", item.last_contact]]) {
      const element = cellOf(row, cell);
      if (at) element.dataset.at = String(Date.parse(at)); else delete element.dataset.at;
    }
  }

  /** Whether somebody is at work in that row, or in any. */
  const held = (row) => row !== null && (row.contains(document.activeElement) || row.querySelector("details[open]") !== null);
  const busy = () => held(body()) || performance.now() - pointed < 3000;

  /** Rows of another shape come from the page, each alone, so that whatever is open elsewhere stays as it is. */
  async function renew() {
    const shapeOf = (row) => row?.querySelector("[data-shape]")?.dataset.shape;
    const unlike = stirred ? [...items.values()].filter((item) => shapeOf(rowOf(item.registration)) !== rowShape(item)) : [];
    const other = unlike.filter((item) => !held(rowOf(item.registration)));
    stirred = unlike.length > 0;
    const standing = document.querySelector(".standstill");
    const turned = paused !== (words.paused === "true") && !standing?.contains(document.activeElement);
    // Somebody who is at work in a log keeps it as it is until they are done.
    const longer = log !== null && log !== words.logged && ![...document.querySelectorAll("[data-log] > ul, [data-log] > form")].some(held);
    if (renewing || (other.length === 0 && !turned && !longer)) return;
    renewing = true;
    try {
      const query = new URLSearchParams(location.search);
      query.delete("done");
      // A board without any row would be another page.
      const named = other.length > 0 ? other : [...items.values()].slice(0, 1);
      if (named.length <= BY_NAME) query.set("only", named.map((item) => item.registration).join(","));
      const response = await fetch(`${location.pathname}?${query}`, { headers: { accept: "text/html" } });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const { registration } of other) {
        const made = page.querySelector(`#board tr[data-key="${CSS.escape(registration)}"]`);
        const old = rowOf(registration);
        if (!made || held(old)) continue;
        const row = document.adoptNode(made);
        if (old) old.replaceWith(row); else body().append(row);
        rows.set(registration, row);
        update(rowOf(registration), items.get(registration));
      }
      const standstill = page.querySelector(".standstill");
      if (turned && standstill) {
        standing?.replaceWith(document.adoptNode(standstill));
        words.paused = String(paused);
      }
      if (longer) {
        for (const made of page.querySelectorAll("[data-log]")) {
          const old = document.querySelector(`[data-log="${made.dataset.log}"]`);
          if (!old || old.innerHTML === made.innerHTML) continue;
          old.hidden = made.hidden;
          old.replaceChildren(...document.adoptNode(made).childNodes);
        }
        words.logged = page.getElementById("board")?.dataset.logged ?? log;
      }
    } finally {
      renewing = false;
    }
  }

  function reorder() {
    if (!unordered || busy()) return;
    const wanted = inOrder([...items.values()]).map((item) => rowOf(item.registration)).filter(Boolean);
    if (wanted.length !== body().children.length) return;
    unordered = false;
    const [left, top] = [scrollX, scrollY];
    // Only what stands elsewhere moves: a row that rises leaves all others where they are.
    let place = body().firstElementChild;
    for (const row of wanted) {
      if (row === place) place = place.nextElementSibling;
      else body().insertBefore(row, place);
    }
    if (scrollX !== left || scrollY !== top) scrollTo(left, top);
  }

  function count() {
    for (const line of section.querySelectorAll("[data-count]")) {
      const number = String([...items.values()].filter((item) => item.presence === line.dataset.count).length);
      const figure = line.querySelector(".figure");
      if (figure.textContent !== number) figure.textContent = number;
    }
  }

  /** Takes what the server says: all rows, or those that changed. */
  async function take(answer) {
    clock = { server: Date.parse(answer.now), local: performance.now() };
    heard = performance.now();
    paused = Boolean(answer.pause);
    log = answer.log ? [answer.log.messages, answer.log.incidents, answer.log.resolved, answer.log.closings].join(" ") : null;
    if (answer.items.length > 0 || answer.gone.length > 0) stirred = unordered = true;
    for (const item of answer.items) {
      items.set(item.registration, item);
      const row = rowOf(item.registration);
      if (row) update(row, item);
    }
    for (const registration of answer.gone) {
      items.delete(registration);
      rowOf(registration)?.remove();
      rows.delete(registration);
    }
    await renew();
    reorder();
    if (answer.items.length > 0 || answer.gone.length > 0) count();
    tick();
  }

  async function poll() {
    const response = await fetch(words.api, { headers: { accept: "application/json" } });
    if (!response.ok) return;
    const answer = await response.json();
    const there = new Set(answer.items.map((item) => item.registration));
    await take({ ...answer, gone: [...body().children].map((row) => row.dataset.key).filter((key) => !there.has(key)) });
  }

  function tick() {
    const at = now();
    for (const row of body().children) {
      const left = cellOf(row, "left");
      if (left) put(row, "left", clockFace(Number(left.dataset.stopped ?? (Number(left.dataset.deadline) - at) / 1000)));
      for (const cell of ["save", "contact"]) {
        const since = cellOf(row, cell).dataset.at;
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

  function listen() {
    const events = new EventSource(`${words.api}/events`);
    events.addEventListener("rows", (event) => {
      pushed = true;
      take(JSON.parse(event.data)).catch(() => {});
    });
    events.onerror = () => {
      pushed = false;
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 10000 + Math.random() * 5000);
    };
  }

  async function round() {
    // What is pushed comes even while nothing changes; where nothing has come for a while, the board is asked for.
    if (document.visibilityState === "visible" && (!pushed || performance.now() - heard > EVERY * 2)) {
      try { await poll(); } catch { /* The line says since when nothing was heard. */ }
    }
    setTimeout(round, EVERY);
  }

  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && !pushed) poll().catch(() => {}); });
  document.getElementById("board-attention").addEventListener("change", (event) => {
    section.classList.toggle("only-attention", event.target.checked);
  });
  body().addEventListener("pointermove", () => { pointed = performance.now(); });
  setInterval(() => {
    tick();
    // What waited while somebody was at work in the table.
    if (items.size > 0) renew().then(reorder, () => {});
  }, 1000);
  listen();
  setTimeout(round, EVERY);
}
