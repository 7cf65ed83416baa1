// How the exam room looks and answers: type size, contrast, the hidden clock, the list, the keys. It is kept for the person
// on the server, and on this device until the server has it. What is arranged for the person counts where they chose nothing.

import { Carry } from "./carry.js";
import { Keep } from "./keep.js";
import { send } from "./paper.js";
import { say } from "./words.js";

const DEFAULTS = { type_size: null, contrast: false, clock_hidden: false, list_view: false, keys_off: false };

/** The settings of the room in `root`; `list(on)` shows the questions in a list, or one at a time. */
export class Settings {
  #root;
  #carry;
  #list;
  #presentation = { larger_type: false, reader_layout: false };

  constructor(root, list) {
    this.#root = root;
    this.#list = list;
    const save = (document) => send(root.dataset.preferencesApi, { method: "PUT", body: document });
    this.#carry = new Carry({ keep: new Keep(root.dataset.scope), name: "preferences", send: save });
    this.#carry.open(JSON.parse(root.dataset.preferences));
    this.#controls();
    this.#apply();
    addEventListener("online", () => this.#carry.retry());
    document.addEventListener("visibilitychange", () => document.hidden && this.#carry.flush());
  }

  /** What the paper says of the room. */
  arrange(presentation) {
    this.#presentation = presentation ?? this.#presentation;
    this.#root.dataset.layout = this.#presentation.reader_layout ? "reader" : "plain";
    this.#apply();
  }

  get listView() {
    return this.#now.list_view;
  }

  get keysOn() {
    return !this.#now.keys_off;
  }

  get #now() {
    return { ...DEFAULTS, ...this.#carry.document };
  }

  get #typeSize() {
    return String(this.#now.type_size ?? (this.#presentation.larger_type ? 3 : 1));
  }

  #set(change) {
    this.#carry.put({ ...this.#now, ...change });
    this.#apply();
  }

  #apply() {
    const now = this.#now;
    document.documentElement.dataset.type = this.#typeSize;
    document.documentElement.dataset.contrast = now.contrast ? "high" : "normal";
    this.#root.dataset.clock = now.clock_hidden ? "hidden" : "shown";
    const toggle = document.getElementById("clock-toggle");
    toggle.textContent = say(now.clock_hidden ? "show-clock" : "hide-clock");
    toggle.setAttribute("aria-pressed", String(now.clock_hidden));
    for (const input of document.querySelectorAll("[name=type-size]")) input.checked = input.value === this.#typeSize;
  }

  // The sheet lies over the paper, so it closes by Escape, and when somebody goes on outside it.
  #closeable(sheet) {
    const leave = ({ target }) => {
      if (!sheet.contains(target)) sheet.open = false;
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !sheet.open) return;
      sheet.open = false;
      sheet.querySelector("summary").focus();
    });
  }

  #controls() {
    const box = (id, checked, change) => {
      const input = document.getElementById(id);
      if (!input) return;
      input.checked = checked;
      input.addEventListener("change", () => this.#set(change(input.checked)));
    };
    for (const input of document.querySelectorAll("[name=type-size]")) {
      input.addEventListener("change", () => this.#set({ type_size: Number(input.value) }));
    }
    const now = this.#now;
    box("contrast", now.contrast, (on) => ({ contrast: on }));
    box("keys", !now.keys_off, (on) => ({ keys_off: !on }));
    box("list-view", now.list_view, (on) => {
      this.#list(on);
      return { list_view: on };
    });
    this.#closeable(this.#root.querySelector(".settings"));
    document.getElementById("clock-toggle").addEventListener("click", () => this.#set({ clock_hidden: !this.#now.clock_hidden }));
  }
}
