/// <reference lib="dom" />
// Which of the stored sessions belongs to this tab. Each tab holds a lock on its own, so that no two write the same.
import type { UseStore } from "idb-keyval";
import type { SavedHead } from "./saved/types.ts";

export interface TabOptions {
  /** Remembers which session belongs to the tab. */
  readonly tab: Storage | null;
  /** Absent on plain http: then every new tab begins with a copy. */
  readonly locks: LockManager | undefined;
}

export const TAB_KEY = "llmDemo.session";

/** The result of a request to IndexedDB. */
export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when a transaction is through, and rejects where it fails. */
export function waitForTransaction(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Which session this tab goes on with (`from`), and under which id it stores. They differ where another tab has it
 * open: a duplicated tab begins with a copy. `release` gives the session back that is held by now. */
export async function claimSession(
  use: UseStore,
  { tab, locks }: TabOptions,
): Promise<{ id: string; from: string | null; release: () => void }> {
  const own = tab?.getItem(TAB_KEY) ?? null;
  const candidates = own === null ? await listNewestFirst(use) : [own];
  const nothing = () => {};
  for (const id of candidates) {
    const release = locks === undefined ? null : await hold(locks, id);
    if (release !== null) return { id, from: id, release };
  }
  // Without locks a reload, as far as can be known.
  if (own !== null && locks === undefined) return { id: own, from: own, release: nothing };
  const id = createSessionId();
  const release = locks === undefined ? null : await hold(locks, id);
  const copied = own ?? (locks === undefined ? candidates[0] ?? null : null);
  return { id, from: copied, release: release ?? nothing };
}

/** Sessions by the time they were stored last. */
export async function listNewestFirst(use: UseStore): Promise<string[]> {
  return (await headsOf(use)).map(({ id }) => id);
}

/** What is stored of each session besides its nodes, the newest first. */
export async function headsOf(use: UseStore): Promise<{ readonly id: string; readonly head: SavedHead }[]> {
  const heads = await use("readonly", (store) => {
    const range = IDBKeyRange.bound(["head"], ["head", []]);
    return Promise.all([answerOf(store.getAllKeys(range)), answerOf(store.getAll(range))]);
  });
  const [keys, values] = heads as [string[][], SavedHead[]];
  return keys.map(([, id], at) => ({ id: id!, head: values[at]! }))
    .sort((a, b) => b.head.savedAt.localeCompare(a.head.savedAt));
}

/** The name of a session's lock. */
export const lockName = (id: string) => `llmDemo.session.${id}`;

/** Takes the lock of a session for as long as the page lives, or until it is given back by what comes back; null where
 * another tab has it. */
export function hold(locks: LockManager, id: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    void locks.request(lockName(id), { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(null);
      const held = Promise.withResolvers<void>();
      resolve(held.resolve);
      return held.promise;
    });
  });
}

/** A random id for a session: 18 characters of 0-9 and a-z. */
export function createSessionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}
