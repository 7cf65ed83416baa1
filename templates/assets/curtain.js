// What covers the paper while the clock stands. The paper stays in the page as it is, so that what was typed is kept, but can
// neither be read nor reached; the focus comes back to where it was.

import { say } from "./words.js";

/** Drives the curtain; `endBreak` is called when the examinee ends a break, `time` tells an instant as a time of day. */
export class Curtain {
  #curtain = document.getElementById("curtain");
  #work = document.getElementById("work");
  #end = document.getElementById("break-end");
  #begin = document.getElementById("break-begin");
  #time;
  #from = null;

  constructor({ endBreak, time }) {
    this.#time = time;
    this.#end.addEventListener("click", () => endBreak(this.#end));
  }

  /** Shows what holds the clock, or, with null, lifts. */
  show(stop) {
    const drawn = !this.#curtain.hidden;
    if (stop === null) {
      if (drawn) this.#lift();
      return;
    }
    const isBreak = stop.kind === "break";
    this.#text("title", say(isBreak ? "break-title" : "paused-title"));
    this.#text("why", stop.reason ? say("paused-why", { reason: stop.reason }) : "");
    this.#text("safe", say(isBreak ? "break-safe" : "paused-safe"));
    this.#text("until", stop.until ? say("break-until", { time: this.#time(Date.parse(stop.until)) }) : "");
    this.#end.hidden = !isBreak;
    this.#end.textContent = say("break-end");
    if (!drawn) this.#draw();
  }

  #draw() {
    this.#from = this.#work.contains(document.activeElement) ? document.activeElement : null;
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    this.#work.inert = true;
    this.#work.hidden = true;
    if (this.#begin) this.#begin.hidden = true;
    this.#curtain.hidden = false;
    this.#curtain.focus();
  }

  #lift() {
    this.#curtain.hidden = true;
    this.#work.hidden = false;
    this.#work.inert = false;
    if (this.#begin) this.#begin.hidden = false;
    (this.#from?.isConnected ? this.#from : this.#work.querySelector("textarea, input, button"))?.focus({ preventScroll: true });
  }

  #text(part, text) {
    const line = document.getElementById(`curtain-${part}`);
    line.textContent = text;
    line.hidden = text === "";
  }
}
