// The order in which pages of one attempt are opened: the one opened last goes on with the work, and an earlier one becomes
// read-only as soon as it hears of it, from the server or, without a network, from another page of this browser.

/** A key under which a call may be repeated. */
function key() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Opens the page, however long it takes, and answers the number of its opening. Asked again after a lost answer, the server
 * answers the same: a page that waited for its number is no newer for it. `failed(error, failures)` waits before the next try.
 */
export async function numberOpening(call, failed) {
  const once = key();
  for (let failures = 1; ; failures += 1) {
    try {
      return (await call("/openings", { method: "POST", key: once })).opening;
    } catch (error) {
      await failed(error, failures);
    }
  }
}

/** Tells the other pages of this browser on the same work that this one was opened, and hears of those opened later. */
export function among(scope, opening, takenOver, Channel = globalThis.BroadcastChannel) {
  if (!Channel) return;
  const channel = new Channel(`evenhand ${scope}`);
  channel.onmessage = ({ data }) => {
    if (data?.opening > opening) takenOver();
    // It may be an earlier one that has not heard of this one: opened at the same moment, or come back.
    else if (data?.opening < opening) channel.postMessage({ opening });
  };
  channel.postMessage({ opening });
}
