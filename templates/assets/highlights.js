// The marked passages of the marking desk: selecting by mouse, touch or keyboard, tying to a criterion, drawing, listing.

import { fill } from "./drafts.js";
import { make } from "./make.js";
import { MOST, added, characters, labelled, pieces, quoted, trimmed } from "./passages.js";

const NOTE_CHARS = 500;

/** The passages of one answer. `change()` is called whenever they, or a note on one, change. */
export class Highlights {
  #answer = document.getElementById("answer");
  #pane = document.getElementById("answer-pane");
  #bar = document.getElementById("passage-bar");
  #list = document.getElementById("passages");
  #said = document.getElementById("passage-said");
  #passages = [];
  #selected = null;

  constructor(criteria, change) {
    this.criteria = criteria;
    this.change = change;
    // An empty answer has nothing to mark.
    if (!this.#bar) return;
    this.#passages = [...this.#list.children].map(({ dataset: { start, end, criterion, note } }) => ({
      start: Number(start), end: Number(end), criterion, ...(note && { note }),
    }));
    this.lines = [...this.#answer.querySelectorAll(".line")]
      .map((element) => ({ element, from: Number(element.dataset.from), text: element.textContent }));
    document.addEventListener("selectionchange", () => this.#look());
    this.#bar.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) this.#tie(button.dataset.criterion);
    });
    this.#pane.addEventListener("keydown", (event) => this.#key(event));
    this.#draw();
  }

  /** As a review holds them. */
  get all() {
    return this.#passages;
  }

  /** Shows those of a draft that came from elsewhere. */
  set all(passages) {
    this.#passages = passages.map(({ start, end, criterion, note }) => ({ start, end, criterion, ...(note && { note }) }));
    if (this.#bar) this.#draw();
  }

  // Drawing

  #draw() {
    const named = labelled(this.#passages, this.criteria);
    for (const line of this.lines) {
      line.element.replaceChildren(...pieces(line, named).map(({ text, look, over, label }) => (
        look ? make("mark", { class: "passage", "data-look": look, "data-over": over > 1, "data-label": label }, text) : text
      )));
    }
    this.#list.replaceChildren(...named.map((one) => this.#entry(one)));
  }

  #entry(one) {
    const passage = this.#passages[one.index];
    const words = this.#bar.dataset;
    const note = make("input", { type: "text", maxlength: NOTE_CHARS, autocomplete: "off", "aria-label": `${one.label}: ${words.note}`, placeholder: words.note });
    note.value = passage.note ?? "";
    note.addEventListener("input", () => {
      const written = note.value.trim();
      if (written) passage.note = written; else delete passage.note;
      this.change();
    });
    const remove = make("button", { type: "button", class: "quiet", "aria-label": fill(words.remove, { label: one.label }) }, "✕");
    remove.addEventListener("click", () => this.#remove(one));
    return make("li", {},
      make("span", { class: "tag", "data-look": one.look }, one.label),
      make("div", {}, make("p", {}, make("strong", {}, one.title), " ", make("q", {}, quoted(this.lines, one))), note),
      remove);
  }

  #remove({ index, label }) {
    const place = [...this.#list.children].findIndex((entry) => entry.contains(document.activeElement));
    this.#passages = this.#passages.filter((_, each) => each !== index);
    this.#draw();
    this.#say(fill(this.#bar.dataset.removed, { label }));
    const next = this.#list.children[Math.min(Math.max(place, 0), this.#list.children.length - 1)];
    (next?.querySelector("button") ?? this.#pane).focus();
    this.change();
  }

  #say(text) {
    this.#said.textContent = text;
  }

  // Selecting

  #look() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || !this.#answer.contains(selection.anchorNode)) return;
    this.#selected = selection.isCollapsed ? null : this.#passage(selection.getRangeAt(0));
    this.#bar.hidden = !this.#selected;
  }

  /** The characters that a range of the page covers. */
  #passage(range) {
    const touched = this.lines.filter(({ element }) => range.intersectsNode(element));
    if (touched.length === 0) return null;
    const place = ({ element, from, text }, node, offset, outside) => {
      if (!element.contains(node)) return from + outside;
      const before = document.createRange();
      before.setStart(element, 0);
      before.setEnd(node, offset);
      return from + characters(text, before.toString().length);
    };
    const last = touched.at(-1);
    const start = place(touched[0], range.startContainer, range.startOffset, 0);
    const end = place(last, range.endContainer, range.endOffset, characters(last.text));
    return trimmed(touched, start, end);
  }

  #tie(criterion) {
    if (!this.#selected) return;
    if (this.#passages.length >= MOST) return this.#say(this.#bar.dataset.full);
    const { start, end } = this.#selected;
    this.#passages = added(this.#passages, { start, end, criterion });
    this.#clear();
    this.#draw();
    const one = labelled(this.#passages, this.criteria)
      .find((each) => each.start === start && each.end === end && each.criterion === criterion);
    this.#say(fill(this.#bar.dataset.marked, one));
    this.#pane.focus({ preventScroll: true });
    this.change();
  }

  #clear() {
    document.getSelection()?.removeAllRanges();
    this.#selected = null;
    this.#bar.hidden = true;
  }

  // Keys: only while the focus is on the pane itself or on the bar, never while a note is written.

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    const { key, shiftKey } = event;
    if (/^[1-9]$/.test(key) && this.#selected && this.criteria[key - 1]) this.#tie(this.criteria[key - 1].id);
    else if (key === "Escape" && this.#selected) this.#clear();
    else if (event.target !== this.#pane) return;
    else if (key === "ArrowRight" || key === "ArrowLeft") this.#words(key === "ArrowRight" ? "forward" : "backward", shiftKey);
    else if (shiftKey && (key === "ArrowDown" || key === "ArrowUp")) this.#extend(key === "ArrowDown" ? "forward" : "backward", "line");
    else return;
    event.preventDefault();
  }

  #words(direction, extend) {
    const begun = this.#begin();
    if (extend) return this.#extend(direction, "word");
    const selection = document.getSelection();
    const before = selection.getRangeAt(0).cloneRange();
    if (direction === "forward") {
      // To the end of the next word and back to its beginning: where a word begins is for the browser to say.
      if (!begun) selection.collapseToEnd();
      selection.modify("move", "forward", "word");
      selection.modify("move", "backward", "word");
    } else {
      selection.collapseToStart();
      selection.modify("move", "backward", "word");
    }
    selection.modify("extend", "forward", "word");
    this.#stay(before);
  }

  #extend(direction, by) {
    this.#begin();
    const selection = document.getSelection();
    const before = selection.getRangeAt(0).cloneRange();
    selection.modify("extend", direction, by);
    this.#stay(before);
  }

  /** Puts the caret into the answer if it is elsewhere: at the first line that can be seen. Says whether it did. */
  #begin() {
    const selection = document.getSelection();
    if (selection.rangeCount > 0 && this.#answer.contains(selection.anchorNode)) return false;
    const top = Math.max(this.#pane.getBoundingClientRect().top, 0);
    const line = this.lines.find(({ element }) => element.getBoundingClientRect().bottom > top) ?? this.lines[0];
    selection.collapse(line.element.firstChild ?? line.element, 0);
    return true;
  }

  /** Takes a step back that led out of the answer, and keeps the end of the passage in sight. */
  #stay(before) {
    const selection = document.getSelection();
    if (!this.#answer.contains(selection.anchorNode) || !this.#answer.contains(selection.focusNode)) {
      selection.removeAllRanges();
      selection.addRange(before);
      return;
    }
    this.#look();
    const end = document.createRange();
    end.setStart(selection.focusNode, selection.focusOffset);
    const at = end.getBoundingClientRect();
    const pane = this.#pane.getBoundingClientRect();
    const scrolls = this.#pane.scrollHeight > this.#pane.clientHeight;
    const top = scrolls ? pane.top : 0;
    const bottom = (scrolls ? pane.bottom : window.innerHeight) - this.#bar.offsetHeight;
    const over = Math.max(at.bottom + 24 - bottom, 0) || Math.min(at.top - 24 - top, 0);
    if (over !== 0 && at.height > 0) (scrolls ? this.#pane : window).scrollBy(0, over);
  }
}
