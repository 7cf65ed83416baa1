// Part Two: each vignette beside its answer, a switcher that keeps the place, and the count of words and characters.

import { Hints } from "./hints.js";
import { make, rich } from "./make.js";
import { count, say } from "./words.js";

/**
 * Builds Part Two into `work`. `changed(position, body)` hears each change; `notes` hold the place; `versions` are kept on
 * the device; `earlier(position, name)` opens the panel of versions; with `spellCheck` the browser checks the spelling.
 */
export class Prose {
  #vignettes;
  #choose;
  #changed;
  #notes;
  #versions;
  #earlier;
  #spellCheck;
  #hints;
  #review;
  #desks = new Map();
  #tabs = new Map();
  #over;

  constructor({ work, paper, answers, changed, notes, versions, earlier, review, keep, ask }) {
    this.#vignettes = paper.vignettes;
    this.#choose = paper.choose ?? paper.vignettes.length;
    this.#changed = changed;
    this.#notes = notes;
    this.#versions = versions;
    this.#earlier = earlier;
    this.#spellCheck = paper.presentation?.spell_check ?? false;
    this.#review = review;
    this.#hints = new Hints({ ask, keep, show: (position, passages) => this.#hint(position, passages) });
    this.#build(work);
    for (const [position, body] of answers) this.set(position, body);
    const place = this.#vignettes.find((vignette) => vignette.position === notes.place);
    this.#go((place ?? this.#vignettes[0]).position, false);
  }

  /** Shows an answer that came from elsewhere. */
  set(position, { text }) {
    const desk = this.#desks.get(position);
    if (!desk || desk.area.value === (text ?? "")) return;
    desk.area.value = text ?? "";
    this.#versions.begin(position, desk.area.value);
    this.#measure(position);
  }

  /** What stands in an answer now. */
  text(position) {
    return this.#desks.get(position).area.value;
  }

  /** Puts `text` in place of an answer, as if it were typed; what it replaces is kept on the device first. */
  replace(position, text) {
    const { area } = this.#desks.get(position);
    if (area.readOnly) return;
    this.#versions.add(position, area.value);
    this.#versions.begin(position, text);
    area.value = text;
    this.#measure(position);
    this.#go(position);
    if (!this.#tooLong(position)) this.#changed(position, { text: text === "" ? null : text, keep: true });
  }

  /** Nothing can be changed any more; it can still be read and copied. */
  lock() {
    for (const { area } of this.#desks.values()) area.readOnly = true;
  }

  /** For the review panel: what is not answered. */
  summary() {
    const written = this.#vignettes.filter(({ position }) => this.#written(position)).length;
    const open = this.#vignettes
      .filter(({ position }) => written < this.#choose && !this.#written(position))
      .map(({ position, title }) => ({ label: this.#name(position, title), go: () => this.#go(position) }));
    return { open, flagged: [] };
  }

  #build(work) {
    const total = this.#vignettes.length;
    const tabs = make("div", { class: "tabs", role: "group", "aria-label": say("vignettes") });
    const desks = make("div", { class: "desks" });
    for (const vignette of this.#vignettes) {
      const tab = make("button", { type: "button", class: "tab" }, make("span", { class: "tab-name" }, this.#name(vignette.position, vignette.title)), " ", make("span", { class: "tab-count" }));
      tab.addEventListener("click", () => this.#go(vignette.position));
      this.#tabs.set(vignette.position, tab);
      tabs.append(tab);
      desks.append(this.#desk(vignette));
    }
    const submit = make("button", { type: "button", class: "to-review" }, say("review"));
    submit.addEventListener("click", () => this.#review());
    this.#over = make("p", { class: "over", role: "status" });
    const note = this.#choose < total ? make("p", { class: "choose" }, say("choose", { n: this.#choose, total })) : null;
    work.replaceChildren(make("div", { class: "prose-room" }, make("div", { class: "switcher" }, tabs, submit), note, this.#over, desks));
    for (const { position } of this.#vignettes) this.#measure(position);
  }

  #desk({ position, title, scenario, prompts, max_characters }) {
    const area = make("textarea", { id: `answer-${position}`, spellcheck: String(this.#spellCheck), autocomplete: "off", autocorrect: "off", autocapitalize: "sentences", "aria-describedby": `count-${position}`, "data-gramm": "false", "data-enable-grammarly": "false" });
    area.addEventListener("input", () => {
      this.#measure(position);
      this.#versions.note(position, area.value);
      this.#hints.note(position, area.value);
      if (!this.#tooLong(position)) this.#changed(position, { text: area.value === "" ? null : area.value });
    });
    const tasks = make("ol", { class: "prompts" });
    for (const prompt of prompts) tasks.append(rich("li", {}, prompt));
    const reading = make("article", { class: "reading", tabindex: "0", "aria-label": this.#name(position, title) },
      make("h2", {}, title),
      rich("div", { class: "prose" }, scenario),
      make("div", { class: "prose" }, make("h3", {}, say("prompts")), tasks));
    const words = make("span", {});
    const characters = make("span", {});
    const problem = make("p", { class: "problem", role: "alert" });
    const hints = make("div", { class: "hints", role: "status" });
    const earlier = make("button", { type: "button", class: "quiet earlier" }, say("versions"));
    earlier.addEventListener("click", () => this.#earlier(position, this.#name(position, title)));
    const writing = make("div", { class: "writing" },
      make("label", { for: `answer-${position}` }, say("answer-label", { n: this.#index(position) + 1 })),
      area,
      problem,
      hints,
      make("p", { class: "counts", id: `count-${position}` }, words, characters, make("span", { class: "names" }, say("no-names"))),
      earlier);
    const element = make("div", { class: "desk" }, reading, writing);
    this.#desks.set(position, { element, area, reading, words, characters, problem, hints, limit: max_characters });
    return element;
  }

  // The passages that may tell who writes, each of which the writer may leave as it is.
  #hint(position, passages) {
    const { hints, area } = this.#desks.get(position);
    if (area.readOnly) return hints.replaceChildren();
    const lines = passages.map((passage) => {
      const leave = make("button", { type: "button", class: "quiet", "aria-label": say("hint-leave-one", { passage }) }, say("hint-leave"));
      leave.addEventListener("click", () => {
        this.#hints.dismiss(position, passage);
        area.focus({ preventScroll: true });
      });
      return make("li", {}, make("q", {}, passage), " ", leave);
    });
    hints.replaceChildren(...(lines.length > 0 ? [make("p", {}, say("hint")), make("ul", { class: "plain" }, ...lines)] : []));
  }

  // Each desk is kept, hidden, with its own scroll and caret; so switching loses no place.
  #go(position, focus = true) {
    const places = [...this.#desks.values()].map((desk) => [desk, desk.reading.scrollTop, desk.area.scrollTop]);
    for (const [at, desk] of this.#desks) {
      if (!desk.element.hidden) desk.scroll = places.find(([other]) => other === desk).slice(1);
      desk.element.hidden = at !== position;
      this.#tabs.get(at).setAttribute("aria-pressed", String(at === position));
    }
    this.#notes.go(position);
    const desk = this.#desks.get(position);
    if (desk.scroll) [desk.reading.scrollTop, desk.area.scrollTop] = desk.scroll;
    if (focus) this.#attend(desk);
  }

  // Beside the vignette one goes on writing; where the answer stands below it, out of sight, one begins to read.
  #attend({ area, reading }) {
    const beside = area.getBoundingClientRect().top < innerHeight - 48;
    (beside ? area : reading).focus({ preventScroll: true });
    if (!beside) reading.scrollIntoView({ block: "nearest" });
  }

  #measure(position) {
    const { area, words, characters, problem, limit } = this.#desks.get(position);
    const text = area.value;
    const n = text.trim() === "" ? 0 : text.trim().split(/\s+/u).length;
    const length = lengthOf(text);
    words.textContent = count("words", n);
    characters.textContent = say("characters", { n: length, max: limit });
    const excess = Math.max(0, length - limit);
    const message = excess > 0 ? say("too-long", { n: excess }) : "";
    if (problem.textContent !== message) problem.textContent = message;
    area.setAttribute("aria-invalid", String(excess > 0));
    this.#tabs.get(position).querySelector(".tab-count").textContent = count("words", n);
    this.#tabs.get(position).dataset.written = String(n > 0);
    const written = this.#vignettes.filter((vignette) => this.#written(vignette.position)).length;
    const over = written > this.#choose ? say("over-answered", { n: this.#choose }) : "";
    if (this.#over.textContent !== over) this.#over.textContent = over;
  }

  #tooLong(position) {
    const { area, limit } = this.#desks.get(position);
    return lengthOf(area.value) > limit;
  }

  #written(position) {
    return (this.#desks.get(position)?.area.value.trim() ?? "") !== "";
  }

  #index(position) {
    return this.#vignettes.findIndex((vignette) => vignette.position === position);
  }

  #name(position, title) {
    return `${say("vignette", { n: this.#index(position) + 1 })}: ${title}`;
  }
}

// Characters as the server counts them: Unicode scalar values, not UTF-16 units.
function lengthOf(text) {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}
