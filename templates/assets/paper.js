// The calls of the exam room to the server.

const { api } = document.querySelector("[data-api]").dataset;

/** One call; throws an error with `status`, `code`, `detail` and `retryAfter` on anything but success. */
export async function call(path, { method = "GET", body, timeout = 20000 } = {}) {
  const response = await fetch(api + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
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
    retryAfter: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

/** Sends a batch of the queue, as the sender wants it. */
export async function transport(entries) {
  if (entries.length > 1) {
    const answers = entries.map(({ position, revision, body }) => ({ position, revision, ...body }));
    const { results } = await call("/answers", { method: "POST", body: { answers } });
    return { results: entries.map((entry, index) => result(entry, results[index])) };
  }
  const [entry] = entries;
  try {
    const answer = await call(`/answers/${entry.position}`, { method: "PUT", body: { revision: entry.revision, ...entry.body } });
    return { results: [{ entry, ...answer }] };
  } catch (error) {
    if (!isRefusal(error.status)) throw error;
    return { results: [{ entry, problem: { code: error.code, detail: error.detail } }] };
  }
}

function result(entry, answer) {
  return answer?.revision === undefined ? { entry, problem: answer ?? { code: "missing" } } : { entry, ...answer };
}

// What the server will never take, however often it is sent.
function isRefusal(status) {
  return status >= 400 && status < 500 && ![401, 403, 408, 425, 429].includes(status);
}
