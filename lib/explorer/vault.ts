/// <reference lib="dom" />
// Where sessions live in the browser: IndexedDB, one record for the session and one for every node, so that a new
// token costs a small write. Each tab has a session of its own and holds a lock on it; a new tab goes on with the one
// that was closed last.
import { createStore, type UseStore } from "idb-keyval";
import { saveSession } from "./saved_session.ts";
import type { SavedHead, SavedRoot, SavedSession, SavedStep } from "./saved_types.ts";
import { answerOf, claimSession, newestFirst, type TabOptions } from "./tab_session.ts";
import type { Session } from "./types.ts";

/** Sessions that are kept. */
const MOST_SESSIONS = 12;
const SAVE_DELAY_MS = 200;
const UNWRITTEN_KEY = "llmDemo.unwritten";

export interface Vault {
  /** The session of this tab as it was stored, unchecked; null = there is none. */
  readonly stored: unknown;
  /** Stores a session a moment later; the newest wins. */
  save(session: Session): void;
  /** Stores at once: the page may be gone in a moment. */
  leave(session: Session): void;
}

export interface VaultOptions extends TabOptions {
  /** Called when nothing can be stored. */
  readonly onTrouble: (error: unknown) => void;
}

/** Opens the store and finds the session of this tab. Without IndexedDB the page works and remembers nothing. */
export async function openVault(options: VaultOptions): Promise<Vault> {
  try {
    const use = createStore("next-token", "sessions");
    const { id, from } = await claimSession(use, options);
    const stored = newer(unwritten(options.tab), from === null ? null : await load(use, from));
    return writer(use, id, stored, options);
  } catch (error) {
    options.onTrouble(error);
    return { stored: unwritten(options.tab), save: () => {}, leave: () => {} };
  }
}

const headKey = (id: string) => ["head", id];
const nodeKey = (id: string, node: number) => ["node", id, node];
const nodesOf = (id: string) => IDBKeyRange.bound(["node", id], ["node", id, []]);

function written(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

async function load(use: UseStore, id: string): Promise<unknown> {
  const [head, nodes] = await use("readonly", (store) =>
    Promise.all([
      answerOf<SavedHead | undefined>(store.get(headKey(id))),
      answerOf<(SavedRoot | SavedStep)[]>(store.getAll(nodesOf(id))),
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
  stored: unknown,
  { tab, onTrouble }: VaultOptions,
): Vault {
  let waiting: Session | null = null;
  let writing = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What is in the store, by node id: a node is written again only where it has changed. */
  const nodes = new Map<number, string>();
  let first = true;
  const write = async (session: Session) => {
    const { roots, steps, ...head } = saveSession(session, new Date());
    await use("readwrite", (store) => {
      // What is there may be of no use, and nodes that nothing reaches any more are not known here.
      if (nodes.size === 0) store.delete(nodesOf(id));
      store.put(head, headKey(id));
      writeChanged(store, id, { roots, steps }, nodes);
      store.transaction.commit(); // at once: a page that goes away could not answer "no more requests"
      return written(store.transaction);
    });
    if (writing === 1 && waiting === null) tab?.removeItem(UNWRITTEN_KEY);
    if (first) await prune(use);
    first = false;
  };
  const flush = () => {
    clearTimeout(timer);
    if (waiting === null) return;
    const session = waiting;
    waiting = null;
    writing++;
    write(session).catch((error) => {
      nodes.clear(); // nobody knows what was written
      onTrouble(error);
    }).finally(() => writing--);
  };
  return {
    stored,
    save(session) {
      waiting = session;
      clearTimeout(timer);
      timer = setTimeout(flush, SAVE_DELAY_MS);
    },
    leave(session) {
      if (waiting !== null || writing > 0) keepUnwritten(tab, session);
      waiting = session;
      flush();
    },
  };
}

/** A page that goes away may not see its last write through, and the next one may read before it. What waits is kept
 * in the tab as well until it is written; where it is too large for that, the write alone has to do. */
function keepUnwritten(tab: Storage | null, session: Session): void {
  try {
    tab?.setItem(UNWRITTEN_KEY, JSON.stringify(saveSession(session, new Date())));
  } catch {
    tab?.removeItem(UNWRITTEN_KEY); // an older one would be worse than none
  }
}

function unwritten(tab: Storage | null): unknown {
  try {
    return JSON.parse(tab?.getItem(UNWRITTEN_KEY) ?? "null");
  } catch {
    return null; // not ours
  }
}

/** The one that was saved later. */
function newer(a: unknown, b: unknown): unknown {
  const time = (value: unknown) => (value as Partial<SavedHead> | null)?.savedAt ?? "";
  return time(a) > time(b) ? a : b;
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
