// The panel of earlier versions: when and how long each was, what it said, and the way back to it or to one paragraph of it.

import { make } from "./make.js";
import { merged } from "./versions.js";
import { count, say } from "./words.js";

const wordsOf = (text) => (text.trim() === "" ? 0 : text.trim().split(/\s+/u).length);

/**
 * Opens the panel. `server` answers the server's versions or throws; `device` are this device's; `current` is what stands
 * there; `restore(text, time)` takes a whole version, `insert(paragraph)` one paragraph of it; `locale` tells times.
 */
export async function openHistory({ name, server, device, current, restore, insert, locale }) {
  const dialog = document.getElementById("versions");
  const body = document.getElementById("versions-body");
  document.getElementById("versions-title").textContent = say("versions-title", { name });
  body.replaceChildren(make("p", {}, say("versions-loading")));
  if (!dialog.open) dialog.showModal();
  let stored = [];
  let reached = true;
  try {
    stored = await server();
  } catch {
    reached = false;
  }
  const versions = merged(stored, device, current);
  const time = (at) => new Date(at).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit", second: "2-digit" });
  const preview = make("section", { class: "version-text", tabindex: "-1", "aria-live": "polite" });
  const list = make("ol", { class: "version-list plain" });
  for (const version of versions) {
    const when = time(version.at);
    const button = make("button", { type: "button", "aria-pressed": "false" }, make("strong", {}, when), " ", count("words", wordsOf(version.text)), version.here ? ` · ${say("version-here")}` : "");
    button.addEventListener("click", () => {
      for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      preview.replaceChildren(...shown(version, when));
      preview.focus({ preventScroll: true });
      preview.scrollIntoView({ block: "nearest" });
    });
    list.append(make("li", {}, button));
  }
  const shown = ({ text }, when) => {
    const whole = make("button", { type: "button", class: "primary" }, say("version-restore", { time: when }));
    whole.addEventListener("click", () => {
      dialog.close();
      restore(text, when);
    });
    const paragraphs = text.split(/\n\s*\n/u).filter((paragraph) => paragraph.trim() !== "");
    return [
      whole,
      ...paragraphs.map((paragraph) => {
        const one = make("button", { type: "button", class: "quiet" }, say("version-paragraph"));
        one.addEventListener("click", () => {
          dialog.close();
          insert(paragraph);
        });
        return make("div", { class: "version-paragraph" }, make("p", { class: "prose" }, paragraph), one);
      }),
    ];
  };
  body.replaceChildren(
    ...(reached ? [] : [make("p", { role: "status" }, say("versions-offline"))]),
    make("p", { class: "soft" }, say(versions.length > 0 ? "versions-note" : "versions-none")),
    ...(versions.length > 0 ? [make("div", { class: "version-columns" }, list, preview)] : []),
  );
}
