// The calls of the exam room to the server.

import { transportBy } from "./transport.js";

const { api } = document.querySelector("[data-api]").dataset;

/** One call of this attempt; throws an error with `status`, `code`, `detail` and `retryAfter` on anything but success. */
export function call(path, options) {
  return send(api + path, options);
}

/** One call of any address. */
export async function send(address, { method = "GET", body, key, timeout = 20000 } = {}) {
  const response = await fetch(address, {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...(key === undefined ? {} : { "Idempotency-Key": key }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(timeout),
  });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  const seconds = Number(response.headers.get("Retry-After"));
  throw Object.assign(new Error(answer?.title ?? response.statusText), {
    status: response.status,
    code: answer?.code,
    detail: answer?.detail ?? answer?.title,
    late: answer?.late,
    retryAfter: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

/** Sends a batch of the queue, as the sender wants it. */
export const transport = transportBy(call);
