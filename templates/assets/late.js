// On a receipt: what is still kept on this device of the closed part is sent as late evidence, which the server keeps and
// counts only if the coordinator admits it. Then the receipt is fetched anew, and says so.

import { Keep, within } from "./keep.js";
import { call, transport } from "./paper.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";
import { openStore } from "./store.js";
import { Versions } from "./versions.js";

const { api, scope } = document.querySelector("[data-api]").dataset;

async function sendLate() {
  const queue = new Queue(`${scope} ${api}`, await openStore());
  const { saved } = await call("");
  // Nobody else who uses this device is to find what was written on it.
  new Versions(within(new Keep(scope), api), () => 0).forget(saved.map(({ position }) => position));
  const kept = await queue.open(saved);
  if (kept.length === 0) return;
  const sender = new Sender({ queue, transport, report: () => {} });
  addEventListener("online", () => sender.retry());
  if ((await sender.flush()) && queue.size === 0) location.reload();
}

// Without the network nothing is lost: it stays on the device until this page is opened again.
sendLate().catch(() => {});
