// What stays on this phone: IndexedDB, so that a key can be kept that no script may read out.

const NAME = "manzil";
const STORES = ["session", "kept", "actions"];
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function ask(store, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const request = act(transaction.objectStore(store));
    // A write is done when its transaction is, not when it was asked for.
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const get = (store, key) => ask(store, "readonly", (in_) => in_.get(key));
export const set = (store, key, value) => ask(store, "readwrite", (in_) => in_.put(value, key));
export const remove = (store, key) => ask(store, "readwrite", (in_) => in_.delete(key));
export const all = (store) => ask(store, "readonly", (in_) => in_.getAll());

/** Forgets everything of one store, or of all. */
export async function clear(...stores) {
  for (const store of stores.length ? stores : STORES) await ask(store, "readwrite", (in_) => in_.clear());
}
