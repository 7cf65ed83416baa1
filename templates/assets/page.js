// On every page: the browser's time zone is noted down for the server, which tells times in it. Countdowns run by the
// server's clock; where one asks for it, the page is fetched anew at zero.

import { ServerClock, face } from "./clock.js";

const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
if (timeZone) document.cookie = `evenhand_zone=${timeZone}; path=/; max-age=31536000; samesite=strict`;

// Those that were over when the page was made stay as they are; the exam room runs its own.
const countdowns = [...document.querySelectorAll("[data-countdown]")].filter(
  (element) => !element.closest("#room") && Number(element.dataset.countdown) > Number(element.dataset.now),
);

if (countdowns.length > 0) {
  const clock = new ServerClock();
  const loaded = clock.tick();
  clock.sample(Number(countdowns[0].dataset.now), loaded, loaded + 2000);

  const show = () => {
    let reload = false;
    for (const element of countdowns) {
      const seconds = clock.secondsUntil(Number(element.dataset.countdown));
      element.textContent = face(seconds);
      reload ||= seconds === 0 && element.dataset.reload === "true";
    }
    if (!reload) return;
    clearInterval(ticking);
    // Spread over a second, so that a room full of people does not ask in the same instant.
    setTimeout(() => location.reload(), 300 + Math.random() * 1000);
  };
  const read = async () => {
    try {
      const sent = clock.tick();
      const response = await fetch(document.body.dataset.time, { cache: "no-store" });
      const { now } = await response.json();
      clock.sample(Date.parse(now), sent, clock.tick());
    } catch {
      // The clock goes on from the last reading.
    }
  };

  const ticking = setInterval(show, 250);
  read();
  setInterval(read, 60000);
  document.addEventListener("visibilitychange", () => document.hidden || read());
}
