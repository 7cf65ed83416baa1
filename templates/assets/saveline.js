// The one line that says whether the work is safe. Only turns for the worse and back are spoken, not every save.

import { make } from "./make.js";
import { count, say } from "./words.js";

/** Drives the save line. */
export class SaveLine {
  #line = document.getElementById("save");
  #text = document.getElementById("save-text");
  #spoken = document.getElementById("spoken");
  #signIn;
  #trouble = false;

  constructor(signIn) {
    this.#signIn = signIn;
  }

  saving() {
    if (!this.#trouble) this.#show("saving", say("saving"));
  }

  /** `at` is the server's instant; shown as the local time of day. */
  saved(at) {
    const time = new Date(at).toLocaleTimeString("en-GB", { hour12: false });
    this.#show("saved", say("saved", { time }));
    if (this.#trouble) this.#spoken.textContent = say("spoken-online");
    this.#trouble = false;
  }

  offline(waiting) {
    this.#show("offline", count("offline", waiting));
    if (!this.#trouble) this.#spoken.textContent = say("spoken-offline");
    this.#trouble = true;
  }

  /** One more change is kept here while there is trouble. */
  kept(waiting) {
    if (this.#trouble && this.#line.dataset.state === "offline") this.#show("offline", count("offline", waiting));
    else this.saving();
  }

  signedOut() {
    if (this.#line.dataset.state === "signed-out") return;
    this.#show("signed-out", `${say("signed-out")} `);
    this.#text.append(make("a", { href: this.#signIn, target: "_blank", rel: "noopener" }, say("sign-in-again")));
    this.#spoken.textContent = this.#text.textContent;
    this.#trouble = true;
  }

  #show(state, text) {
    this.#line.dataset.state = state;
    this.#text.textContent = text;
  }
}
