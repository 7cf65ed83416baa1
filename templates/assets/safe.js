// Safe Exam Browser, where it cannot send headers along: it tells a page's script instead, as hashes over the page's own
// address. The page passes them on to the server, which alone judges them, and does so anew while it lives.

/** How long the browser may take to tell, in milliseconds. */
const PATIENCE = 5000;
/** How soon a page asks again that was not believed, and that the server did not answer. */
const AGAIN = 60000;

const HASH = /^[0-9a-f]{64}$/i;

/**
 * What the browser in `scope` (a window) says of its keys, over the address that a server knows; nothing where it is none that
 * says anything. Some versions have both values at once, some set them when asked, and some of those call back by the name of
 * a global function alone.
 */
export async function hashes(scope, patience = PATIENCE) {
  const security = scope.SafeExamBrowser?.security;
  if (!security) return null;
  const read = () => [security.configKey, security.browserExamKey].map((value) => (HASH.test(value ?? "") ? value : null));
  if (typeof security.updateKeys === "function") {
    await new Promise((resolve) => {
      const waiting = setInterval(() => read().some(Boolean) && done(), 50);
      const last = setTimeout(() => done(), patience);
      const done = () => {
        clearInterval(waiting);
        clearTimeout(last);
        resolve();
      };
      scope.evenhandKeysUpdated = function evenhandKeysUpdated() {
        done();
      };
      try {
        security.updateKeys(scope.evenhandKeysUpdated);
      } catch {
        done();
      }
    });
  }
  const [configKey, examKey] = read();
  if (!configKey && !examKey) return null;
  return { url: scope.location.href.split("#")[0], config_key_hash: configKey, exam_key_hash: examKey };
}

/** When to prove it anew: half way to the end of what was granted, but neither at once nor after too long. */
export function renewal(validUntil, now) {
  const left = Date.parse(validUntil ?? "") - now;
  return Number.isFinite(left) ? Math.min(Math.max(left / 2, 15000), 240000) : 240000;
}

/** Shows what the server knows and proves it to it, again and again. */
export class Proof {
  constructor({ section, scope, patience = PATIENCE }) {
    this.section = section;
    this.scope = scope;
    this.patience = patience;
  }

  /** One round; says in how many milliseconds the next is due, or nothing when there is none. */
  async round() {
    const { dataset } = this.section;
    const found = await hashes(this.scope, this.patience);
    let response;
    try {
      response = await this.scope.fetch(dataset.safeBrowser, {
        method: "POST",
        headers: found ? { "Content-Type": "application/json" } : {},
        body: found ? JSON.stringify(found) : undefined,
        credentials: "same-origin",
        cache: "no-store",
      });
    } catch {
      return this.shown() ?? AGAIN / 3;
    }
    if (response.ok) {
      const { state, valid_until: until } = await response.json();
      if (dataset.safeState === "missing") return this.goOn();
      return state === "proved" ? renewal(until, Date.parse(response.headers.get("Date") ?? "") || Date.now()) : null;
    }
    this.shown();
    return response.status === 401 || response.status === 404 ? null : AGAIN;
  }

  /** Nothing was proved: where the page waits for it, it says so. A page at work is not disturbed. */
  shown() {
    for (const line of this.section.querySelectorAll("[data-safe-asking]")) line.hidden = true;
    return undefined;
  }

  /** The server believes it now: the page is fetched anew, and shows the exam. Once, in case it does not all the same. */
  goOn() {
    const { sessionStorage: kept, location } = this.scope;
    const last = Number(kept.getItem("evenhand-safe") ?? 0);
    const now = Date.now();
    if (now - last < 10000) {
      this.shown();
      return AGAIN;
    }
    kept.setItem("evenhand-safe", String(now));
    location.reload();
    return null;
  }

  async start() {
    for (;;) {
      const wait = await this.round();
      if (wait === null) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

const section = globalThis.document?.querySelector("[data-safe-browser]");
if (section) new Proof({ section, scope: window }).start();
