// What the proctor has said: shown until it is put aside, and to be read again. Texts come from people: they are only ever
// put in as text.

import { make } from "./make.js";
import { count, say } from "./words.js";

/** Drives the messages of a room; `keep` remembers on this device what was put aside, `time` tells an instant as a time of day. */
export class Messages {
  #list = document.getElementById("message-list");
  #again = document.getElementById("messages-again");
  #keep;
  #time;
  #known = new Map();
  #aside;

  constructor({ keep, time }) {
    this.#keep = keep;
    this.#time = time;
    this.#aside = new Set(parse(keep.get("messages-aside")));
    this.#again.addEventListener("click", () => this.#readAgain());
  }

  /** Takes messages, whether they are known or not. */
  take(messages) {
    for (const message of messages) {
      if (!message?.id || this.#known.has(message.id)) continue;
      this.#known.set(message.id, message);
      if (!this.#aside.has(message.id)) this.#show(message);
    }
    this.#again.hidden = this.#known.size === 0;
    this.#again.textContent = count("messages", this.#known.size);
  }

  #show(message) {
    if (this.#list.querySelector(`[data-message="${CSS.escape(message.id)}"]`)) return;
    const time = this.#time(Date.parse(message.sent_at));
    const done = make("button", { type: "button" }, say("message-done"));
    const text = make("p", { class: "message-text" }, message.text);
    const card = make("li", { class: "message", "data-message": message.id }, make("p", { class: "message-from" }, say("message-from", { time })), text, done);
    done.addEventListener("click", () => {
      card.remove();
      this.#aside.add(message.id);
      this.#keep.set("messages-aside", JSON.stringify([...this.#aside]));
      if (this.#list.childElementCount === 0) this.#again.focus();
    });
    this.#list.append(card);
  }

  #readAgain() {
    for (const message of this.#known.values()) this.#show(message);
    this.#list.querySelector("button")?.focus();
  }
}

function parse(text) {
  try {
    const ids = JSON.parse(text ?? "[]");
    return Array.isArray(ids) ? ids : [];
  } catch {
    return [];
  }
}
