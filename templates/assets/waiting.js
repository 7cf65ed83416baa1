// The waiting room. The page knows the instant of the opening and shows the way in by itself, by the server's clock, without
// asking the server; that the proctor admitted somebody, or a coordinator let them in late, is told by the server.

import { ServerClock } from "./clock.js";

const panel = document.querySelector("[data-waiting]");
if (panel) wait(panel);

function wait({ dataset }) {
  const clock = new ServerClock();
  const loaded = clock.tick();
  clock.sample(Number(dataset.now), loaded, loaded + 2000);
  let opened = false;
  let leaving = false;

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

  // In a window nobody has to start in the same instant: there each page takes its own moment of the first two seconds.
  const spread = dataset.window === "true" ? Math.random() * 2000 : 0;
  const look = () => {
    if (opened || dataset.next !== "wait" || clock.now() < Number(dataset.opens) + spread) return;
    opened = true;
    for (const [id, hidden] of [["before-opening", true], ["after-opening", false]]) {
      const element = document.getElementById(id);
      if (element) element.hidden = hidden;
    }
  };

  const take = (event) => {
    const { next, awaits_admission: awaits } = JSON.parse(event.data);
    const known = next === dataset.next || (opened && dataset.next === "wait" && ["start_one", "be_admitted"].includes(next));
    if (leaving || (known && String(awaits) === dataset.awaits)) return;
    leaving = true;
    location.reload();
  };

  const listen = (failures = 0) => {
    const events = new EventSource(dataset.waiting);
    events.addEventListener("standing", take);
    events.onopen = () => (failures = 0);
    events.onerror = () => {
      if (events.readyState !== EventSource.CLOSED || leaving) return;
      setTimeout(() => listen(failures + 1), 1000 + Math.random() * Math.min(30000, 2000 * 2 ** failures));
    };
  };

  read();
  // A tab that slept reads the clock again when somebody looks at it.
  document.addEventListener("visibilitychange", () => document.hidden || read());
  setInterval(look, 200);
  listen();
}
