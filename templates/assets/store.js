// Where the queue keeps its entries: IndexedDB, and memory where the browser offers none.

const DATABASE = "evenhand";
const TABLE = "pending";

/** How long a browser may take to open its database before the work goes on without, in milliseconds. */
const PATIENCE = 4000;

/** Opens the store. `durable` says whether it outlives the page. */
export async function openStore(patience = PATIENCE) {
  try {
    const database = await openDatabase(patience);
    navigator.storage?.persist?.().catch(() => {});
    return new DatabaseStore(database);
  } catch {
    return new MemoryStore();
  }
}

function openDatabase(patience) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    const timer = setTimeout(() => reject(new Error("slow")), patience);
    const fail = (error) => {
      clearTimeout(timer);
      reject(error);
    };
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: ["scope", "position"] });
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result);
    };
    request.onerror = () => fail(request.error);
    request.onblocked = () => fail(new Error("blocked"));
  });
}

class DatabaseStore {
  durable = true;
  #database;

  constructor(database) {
    this.#database = database;
  }

  all(scope) {
    return this.#run("readonly", (table) => table.getAll(IDBKeyRange.bound([scope], [scope, []])));
  }

  // Another page of this browser may keep something newer at the same place. Reading and writing are one transaction, so that
  // nothing can be lost between them.
  put(scope, entry) {
    return this.#run("readwrite", (table) => {
      const read = table.get([scope, entry.position]);
      read.onsuccess = () => {
        if (!(read.result?.revision > entry.revision)) table.put({ ...entry, scope });
      };
      return read;
    });
  }

  remove(scope, position, revision) {
    return this.#run("readwrite", (table) => {
      const key = [scope, position];
      const read = table.get(key);
      read.onsuccess = () => {
        if (read.result && read.result.revision <= revision) table.delete(key);
      };
      return read;
    });
  }

  #run(mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(TABLE, mode, { durability: "strict" });
      const request = work(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

/** Keeps entries while the page lives. */
export class MemoryStore {
  durable = false;
  #entries = new Map();

  #key(scope, position) {
    return JSON.stringify([scope, position]);
  }

  async all(scope) {
    return [...this.#entries.values()].filter((entry) => entry.scope === scope);
  }

  async put(scope, entry) {
    const key = this.#key(scope, entry.position);
    if (!(this.#entries.get(key)?.revision > entry.revision)) this.#entries.set(key, { ...entry, scope });
  }

  async remove(scope, position, revision) {
    const key = this.#key(scope, position);
    if ((this.#entries.get(key)?.revision ?? Infinity) <= revision) this.#entries.delete(key);
  }
}
