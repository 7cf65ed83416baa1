// From the queue's entries to calls of the interface and back. No DOM; tested with `node --test`.
//
// Only the server's own word counts: what is neither an acknowledgement nor a problem of ours, as from a proxy or the page
// by which a wireless network asks for a password, is a failure of the network, after which everything is sent again.

/** Sends a batch of the queue by `call`, as the sender wants it. */
export function transportBy(call) {
  const one = async (entry) => {
    const { position, revision, body } = entry;
    const answer = await call(`/answers/${position}`, { method: "PUT", body: { revision, ...body } }).catch(problem);
    return outcome(entry, answer);
  };
  return async (entries) => {
    if (entries.length === 1) return { results: [await one(entries[0])] };
    const answers = entries.map(({ position, revision, body }) => ({ position, revision, ...body }));
    const { results } = await call("/answers", { method: "POST", body: { answers } }).catch(problem);
    if (results) return { results: entries.map((entry, index) => outcome(entry, results[index])) };
    // One of them makes the whole batch unreadable. By themselves the others still get there.
    const alone = [];
    for (const entry of entries) alone.push(await one(entry));
    return { results: alone };
  };
}

// What the server will never take, however often it is sent; anything else is thrown on.
function problem(error) {
  const { status, code, detail, late } = error;
  const final = status >= 400 && status < 500 && ![401, 403, 408, 425, 429].includes(status);
  if (final && code !== undefined) return { code, detail, late };
  throw error;
}

function outcome(entry, answer) {
  if (Number.isSafeInteger(answer?.revision)) return { entry, ...answer };
  if (answer?.code === undefined) throw new Error("not an answer of ours");
  return { entry, problem: answer };
}
