/// <reference lib="dom" />
// Where sessions live in the browser: IndexedDB, one record for the session and one for every node, so that a new
// token costs a small write. Each tab has a session of its own and holds a lock on it; a new tab goes on with the one
// that was closed last.
import { createStore, type UseStore } from "idb-keyval";
import { saveSession } from "./saved_session.ts";
import type { SavedHead, SavedRoot, SavedSession, SavedStep } from "./saved_types.ts";
import type { Session } from "./types.ts";

/** Sessions that are kept. */
const MOST_SESSIONS = 12;
const TAB_KEY = "llmDemo.session";
const SAVE_DELAY_MS = 200;

export interface Vault {
  /** The session of this tab as it was stored, unchecked; null = there is none. */
  readonly stored: unknown;
  /** Stores a session a moment later; the newest wins. */
  save(session: Session): void;
  /** Stores what waits at once: the page may be gone in a moment. */
  flush(): void;
}

export interface VaultOptions {
  /** Remembers which session belongs to the tab. */
  readonly tab: Storage | null;
  /** Absent on plain http: then every new tab begins with a copy. */
  readonly locks: LockManager | undefined;
  /** Called when nothing can be stored. */
  readonly onTrouble: (error: unknown) => void;
}

/** Opens the store and finds the session of this tab. Without IndexedDB the page works and remembers nothing. */
export async function openVault(options: VaultOptions): Promise<Vault> {
  try {
    const use = createStore("next-token", "sessions");
    const { id, from } = await claim(use, options);
    const stored = from === null ? null : await load(use, from);
    return writer(use, id, id === from, stored, options.onTrouble);
  } catch (error) {
    options.onTrouble(error);
    return { stored: null, save: () => {}, flush: () => {} };
  }
}

const headKey = (id: string) => ["head", id];
const nodeKey = (id: string, node: number) => ["node", id, node];
const nodesOf = (id: string) => IDBKeyRange.bound(["node", id], ["node", id, []]);

function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function written(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Which session this tab goes on with (`from`), and under which id it stores. They differ where another tab has it
 * open: a duplicated tab begins with a copy. */
async function claim(
  use: UseStore,
  { tab, locks }: VaultOptions,
): Promise<{ id: string; from: string | null }> {
  const own = tab?.getItem(TAB_KEY) ?? null;
  const candidates = own === null ? await newestFirst(use) : [own];
  const keep = (id: string, from: string | null) => {
    tab?.setItem(TAB_KEY, id);
    return { id, from };
  };
  for (const id of candidates) if (locks !== undefined && await hold(locks, id)) return keep(id, id);
  if (own !== null && locks === undefined) return keep(own, own); // a reload: nobody can say more
  const id = freshId();
  if (locks !== undefined) await hold(locks, id);
  const copied = own ?? (locks === undefined ? candidates[0] ?? null : null);
  return keep(id, copied);
}

/** Sessions by the time they were stored last. */
async function newestFirst(use: UseStore): Promise<string[]> {
  const heads = await use("readonly", (store) => {
    const range = IDBKeyRange.bound(["head"], ["head", []]);
    return Promise.all([ask(store.getAllKeys(range)), ask(store.getAll(range))]);
  });
  const [keys, values] = heads as [string[][], SavedHead[]];
  return keys.map(([, id], at) => ({ id: id!, savedAt: values[at]!.savedAt }))
    .sort((a, b) => b.savedAt.localeCompare(a.savedAt)).map(({ id }) => id);
}

/** Takes the lock of a session for as long as the page lives; false where another tab has it. */
function hold(locks: LockManager, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    void locks.request(`llmDemo.session.${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => {});
    });
  });
}

function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}

async function load(use: UseStore, id: string): Promise<unknown> {
  const [head, nodes] = await use("readonly", (store) =>
    Promise.all([
      ask<SavedHead | undefined>(store.get(headKey(id))),
      ask<(SavedRoot | SavedStep)[]>(store.getAll(nodesOf(id))),
    ]));
  if (head === undefined) return null;
  // Keys are in the order of ids, and a parent is older than its children.
  const roots = nodes.filter((node) => !("parent" in node));
  const steps = nodes.filter((node) => "parent" in node);
  return { ...head, roots, steps };
}

function writer(
  use: UseStore,
  id: string,
  holdsAll: boolean,
  stored: unknown,
  onTrouble: (error: unknown) => void,
): Vault {
  let waiting: Session | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What is in the store, by node id: a node is written again only where it has changed. */
  const nodes = new Map<number, string>();
  let first = !holdsAll || stored === null;
  let pruned = false;
  const write = async (session: Session) => {
    const { roots, steps, ...head } = saveSession(session, new Date());
    await use("readwrite", (store) => {
      if (first) store.delete(nodesOf(id));
      first = false;
      store.put(head, headKey(id));
      writeChanged(store, id, { roots, steps }, nodes);
      return written(store.transaction);
    });
    if (!pruned) await prune(use);
    pruned = true;
  };
  const flush = () => {
    clearTimeout(timer);
    if (waiting === null) return;
    const session = waiting;
    waiting = null;
    write(session).catch(onTrouble);
  };
  return {
    stored,
    save(session) {
      waiting = session;
      clearTimeout(timer);
      timer = setTimeout(flush, SAVE_DELAY_MS);
    },
    flush,
  };
}

/** Writes what is new or different, and forgets what no path and no undo reaches any more. */
function writeChanged(
  store: IDBObjectStore,
  id: string,
  { roots, steps }: Pick<SavedSession, "roots" | "steps">,
  nodes: Map<number, string>,
): void {
  const gone = new Set(nodes.keys());
  for (const node of [...roots, ...steps]) {
    gone.delete(node.id);
    const version = versionOf(node);
    if (nodes.get(node.id) === version) continue;
    nodes.set(node.id, version);
    store.put(node, nodeKey(id, node.id));
  }
  for (const node of gone) {
    nodes.delete(node);
    store.delete(nodeKey(id, node));
  }
}

/** A node changes twice at most: when its prompt is read, when its token is confirmed. Settings are numbered anew
 * with every save. */
function versionOf(node: SavedRoot | SavedStep): string {
  return "parent" in node ? `${node.confirmed} ${node.params}` : String(node.read !== null);
}

/** Forgets the oldest sessions. */
async function prune(use: UseStore): Promise<void> {
  const old = (await newestFirst(use)).slice(MOST_SESSIONS);
  if (old.length === 0) return;
  await use("readwrite", (store) => {
    for (const id of old) {
      store.delete(headKey(id));
      store.delete(nodesOf(id));
    }
    return written(store.transaction);
  });
}
