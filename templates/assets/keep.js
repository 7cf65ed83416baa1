// The drawers of this device: what waits there for the server, and versions of prose.

/** A small drawer of localStorage for one person (`scope`); works, and forgets, where the browser allows none. */
export class Keep {
  #prefix;
  #memory = new Map();

  constructor(scope) {
    this.#prefix = `evenhand/${scope}/`;
  }

  get(name) {
    try {
      return localStorage.getItem(this.#prefix + name) ?? this.#memory.get(name) ?? null;
    } catch {
      return this.#memory.get(name) ?? null;
    }
  }

  /** `null` forgets. */
  set(name, value) {
    this.#memory.set(name, value);
    try {
      if (value === null) localStorage.removeItem(this.#prefix + name);
      else localStorage.setItem(this.#prefix + name, value);
    } catch {
      // It stays in memory.
    }
  }
}

/** A drawer inside a drawer: the attempt's own things among the person's. */
export function within(keep, folder) {
  return { get: (name) => keep.get(`${folder}/${name}`), set: (name, value) => keep.set(`${folder}/${name}`, value) };
}
