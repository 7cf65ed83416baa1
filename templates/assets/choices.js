// Part One: questions one at a time or in a list, the map of them, flags, struck-out choices, keys.

import { make, rich } from "./make.js";
import { say } from "./words.js";

const LETTERS = "ABCDEFGH";

/** Builds Part One into `work`. `changed(position, body)` hears each choice; `notes` are the marks on the paper; `keysOn()`. */
export class Choices {
  #questions;
  #changed;
  #notes;
  #keysOn;
  #review;
  #sections = new Map();
  #marks = new Map();
  #current = 0;
  #striking = false;
  #locked = false;
  #list = false;

  constructor({ work, paper, answers, changed, notes, keysOn, review }) {
    this.#questions = paper.questions;
    this.#changed = changed;
    this.#notes = notes;
    this.#keysOn = keysOn;
    this.#review = review;
    this.#build(work);
    for (const [position, body] of answers) this.set(position, body);
    const place = this.#questions.findIndex((question) => question.position === notes.place);
    this.#go(Math.max(0, place), false);
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows an answer that came from elsewhere. */
  set(position, { choice }) {
    const section = this.#sections.get(position);
    if (!section) return;
    for (const input of section.querySelectorAll("input[type=radio]")) input.checked = choice !== null && input.value === choice;
    this.#mark(position);
  }

  /** Nothing can be changed any more. */
  lock() {
    this.#locked = true;
    for (const section of this.#sections.values()) {
      for (const control of section.querySelectorAll("input, .strike, .clear")) control.disabled = true;
    }
  }

  /** Everything in one list, or one question at a time. */
  showList(list) {
    this.#list = list;
    this.#root.dataset.list = list;
    this.#showSections();
    if (list) this.#section(this.#current).scrollIntoView({ block: "start" });
  }

  /** For the review panel: what is not answered, and what is flagged. */
  summary() {
    const names = (test) =>
      this.#questions
        .map((question, index) => ({ label: String(index + 1), name: say("question", { n: index + 1 }), go: () => this.#go(index), position: question.position }))
        .filter(({ position }) => test(position));
    return { open: names((position) => !this.#answered(position)), flagged: names((position) => this.#flagged(position)) };
  }

  #root;
  #map;
  #progress;

  #build(work) {
    this.#root = make("div", { class: "choices" });
    const list = make("div", { class: "questions" });
    this.#questions.forEach((question, index) => {
      const section = this.#question(question, index);
      this.#sections.set(question.position, section);
      list.append(section);
    });
    list.append(this.#steps());
    this.#root.append(list, this.#buildMap());
    work.replaceChildren(this.#root);
  }

  #question({ position, stem, choices }, index) {
    const place = say("question-of", { n: index + 1, total: this.#questions.length });
    const flag = make("button", { type: "button", class: "flag", "aria-pressed": this.#flagged(position) ? "true" : "false" }, glyph("flag"), say("flag"));
    flag.addEventListener("click", () => this.#toggleFlag(position));
    const section = make("section", { class: "question", tabindex: "-1", "aria-label": place });
    // In the list, the question in which one works is the one that keys mean.
    section.addEventListener("focusin", () => this.#arrive(index));
    const group = make("div", { class: "options", role: "radiogroup", "aria-labelledby": `stem-${position}` });
    choices.forEach((choice, at) => group.append(this.#option(position, choice, at)));
    const clear = make("button", { type: "button", class: "quiet clear" }, say("clear"));
    clear.addEventListener("click", () => {
      this.#choose(position, null);
      // The button goes with the choice; the focus stays in the question.
      section.focus({ preventScroll: true });
    });
    section.append(
      make("div", { class: "place" }, make("h2", {}, place), flag),
      rich("div", { class: "prose stem", id: `stem-${position}` }, stem),
      group,
      clear,
    );
    return section;
  }

  #option(position, { choice, text }, at) {
    const letter = LETTERS[at];
    const input = make("input", { type: "radio", name: `q-${position}`, value: choice });
    input.addEventListener("change", () => this.#choose(position, choice));
    const label = make("label", {}, input, make("span", { class: "key", "aria-hidden": "true" }, letter), rich("span", { class: "prose text" }, text));
    const struck = this.#struck(position, choice);
    const strike = make("button", { type: "button", class: "strike", "aria-pressed": struck ? "true" : "false", "aria-label": say("strike", { letter }), title: say("strike", { letter }) }, glyph("strike"));
    strike.addEventListener("click", () => this.#toggleStrike(position, choice));
    return make("div", { class: "option", "data-choice": choice, "data-struck": struck ? "true" : "false" }, label, strike);
  }

  #steps() {
    const previous = make("button", { type: "button", class: "previous" }, say("previous"));
    const next = make("button", { type: "button", class: "next primary" }, say("next"));
    previous.addEventListener("click", () => this.#go(this.#current - 1));
    next.addEventListener("click", () => (this.#current + 1 < this.#questions.length ? this.#go(this.#current + 1) : this.#review()));
    this.#previous = previous;
    this.#next = next;
    return make("div", { class: "buttons steps-row" }, previous, next);
  }

  #previous;
  #next;

  #buildMap() {
    this.#progress = make("p", { class: "progress" });
    this.#map = make("ol", { class: "map" });
    this.#questions.forEach(({ position }, index) => {
      const button = make("button", { type: "button" }, String(index + 1));
      button.addEventListener("click", () => this.#go(index));
      this.#marks.set(position, button);
      this.#map.append(make("li", {}, button));
    });
    const legend = make("ul", { class: "legend plain" });
    for (const state of ["answered", "unanswered", "flagged"]) {
      legend.append(make("li", {}, make("span", { class: "swatch", "data-state": state, "aria-hidden": "true" }), say(state)));
    }
    const submit = make("button", { type: "button", class: "to-review" }, say("review"));
    submit.addEventListener("click", () => this.#review());
    const open = matchMedia("(min-width: 60rem)");
    const details = make("details", { class: "overview", open: open.matches }, make("summary", {}, say("questions")), this.#progress, this.#map, legend);
    const aside = make("nav", { class: "side", "aria-label": say("questions") }, details, submit);
    for (const { position } of this.#questions) this.#mark(position);
    return aside;
  }

  #go(index, focus = true) {
    if (index < 0 || index >= this.#questions.length) return;
    this.#arrive(index);
    this.#showSections();
    if (!focus) return;
    const section = this.#section(index);
    section.focus({ preventScroll: true });
    section.scrollIntoView({ block: this.#list ? "start" : "nearest" });
    if (!this.#list) scrollTo({ top: 0 });
  }

  #arrive(index) {
    if (index !== this.#current) this.#disarm();
    this.#current = index;
    this.#notes.go(this.#questions[index].position);
    this.#questions.forEach(({ position }, at) => {
      const mark = this.#marks.get(position);
      if (at === index) mark.setAttribute("aria-current", "true");
      else mark.removeAttribute("aria-current");
    });
    this.#previous.disabled = index === 0;
    this.#next.textContent = index + 1 < this.#questions.length ? say("next") : say("review");
  }

  #showSections() {
    this.#questions.forEach(({ position }, at) => {
      this.#sections.get(position).hidden = !this.#list && at !== this.#current;
    });
  }

  #section(index) {
    return this.#sections.get(this.#questions[index].position);
  }

  #choose(position, choice) {
    if (this.#locked) return;
    this.set(position, { choice });
    this.#changed(position, { choice });
  }

  #answered(position) {
    return this.#sections.get(position).querySelector("input:checked") !== null;
  }

  #flagged(position) {
    return this.#notes.flagged(position);
  }

  #toggleFlag(position) {
    const flagged = !this.#flagged(position);
    this.#notes.flag(position, flagged);
    this.#sections.get(position).querySelector(".flag").setAttribute("aria-pressed", String(flagged));
    this.#mark(position);
  }

  #struck(position, choice) {
    return this.#notes.struck(position, choice);
  }

  #toggleStrike(position, choice) {
    if (this.#locked) return;
    const struck = !this.#struck(position, choice);
    this.#notes.strike(position, choice, struck);
    for (const option of this.#sections.get(position).querySelectorAll(".option")) {
      if (option.dataset.choice !== choice) continue;
      option.dataset.struck = String(struck);
      option.querySelector(".strike").setAttribute("aria-pressed", String(struck));
    }
  }

  #mark(position) {
    const index = this.#questions.findIndex((question) => question.position === position);
    const mark = this.#marks.get(position);
    if (!mark) return;
    const answered = this.#answered(position);
    const flagged = this.#flagged(position);
    mark.dataset.answered = String(answered);
    mark.dataset.flagged = String(flagged);
    const states = [say(answered ? "answered" : "unanswered"), ...(flagged ? [say("flagged")] : [])];
    mark.setAttribute("aria-label", `${say("question", { n: index + 1 })}, ${states.join(", ")}`);
    const done = this.#questions.filter((question) => this.#answered(question.position)).length;
    this.#progress.textContent = say("progress", { n: done, total: this.#questions.length });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !this.#keysOn()) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.("textarea, select, input:not([type=radio]), .settings")) return;
    // What keys change is in sight: in the list only where the focus is.
    if (this.#list && !event.target.closest?.(".question")) return;
    const question = this.#questions[this.#current];
    const key = event.key.toLowerCase();
    const at = key.length === 1 && key >= "1" && key <= "8" ? Number(key) - 1 : key.length === 1 ? LETTERS.toLowerCase().indexOf(key) : -1;
    const option = at >= 0 ? question.choices[at] : undefined;
    if (key === "arrowright" || key === "n") this.#go(this.#current + 1);
    else if (key === "arrowleft" || key === "p") this.#go(this.#current - 1);
    else if (key === "f" && !option) this.#toggleFlag(question.position);
    else if (key === "x") this.#armStrike();
    else if (option && this.#striking) this.#strikeByKey(question, option);
    else if (option) this.#choose(question.position, option.choice);
    else return;
    event.preventDefault();
  }

  #armStrike() {
    this.#striking = !this.#striking;
    document.getElementById("spoken").textContent = this.#striking ? say("strike-mode") : "";
    this.#root.dataset.striking = String(this.#striking);
  }

  #disarm() {
    if (this.#striking) this.#armStrike();
  }

  #strikeByKey(question, option) {
    this.#disarm();
    this.#toggleStrike(question.position, option.choice);
  }
}

function glyph(name) {
  const paths = { flag: "M4 14V2.5h8L10 5.5l2 3H4", strike: "M2.5 8h11M5 4.2C6 2.6 10.6 2.6 11 5M5 11c.5 2.6 6 2.8 6.2.2" };
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false", class: "glyph" })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}
