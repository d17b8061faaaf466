/// <reference lib="dom" />
// Where sessions live in the browser: IndexedDB, one record for the session and one for every node, so that a new
// token costs a small write. Each tab has a session of its own and holds a lock on it; a new tab goes on with the one
// that was closed last.
import { createStore, type UseStore } from "idb-keyval";
import { saveSession } from "./saved/session.ts";
import type { SavedHead, SavedRoot, SavedSession, SavedStep } from "./saved/types.ts";
import { answerOf, claimSession, newestFirst, type TabOptions } from "./tab_session.ts";
import type { Session } from "../session/types.ts";
import { forgetUnwritten, keepUnwritten, type NodeVersions, versionOf, withUnwritten } from "./unsaved.ts";

/** Sessions that are kept. */
const MOST_SESSIONS = 12;
const SAVE_DELAY_MS = 200;

export interface Vault {
  /** The session of this tab as it was stored, unchecked; null = there is none. */
  readonly stored: unknown;
  /** `stored` is of no use: the next save takes the place of all of it. */
  discard(): void;
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
    const stored = from === null ? null : await load(use, from);
    return {
      stored: withUnwritten(options.tab, stored),
      ...writer(use, id, from === id ? stored : null, options),
    };
  } catch (error) {
    options.onTrouble(error);
    const nothing = () => {};
    return { stored: withUnwritten(options.tab, null), discard: nothing, save: nothing, leave: nothing };
  }
}

const headKey = (id: string) => ["head", id];
const nodeKey = (id: string, node: number) => ["node", id, node];
const nodesOf = (id: string) => IDBKeyRange.bound(["node", id], ["node", id, []]);

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

async function load(use: UseStore, id: string): Promise<SavedSession | null> {
  const [head, nodes] = await use("readonly", (store) =>
    Promise.all([
      answerOf<SavedHead | undefined>(store.get(headKey(id))),
      answerOf<(SavedRoot | SavedStep)[]>(store.getAll(nodesOf(id))),
    ]));
  if (head === undefined) return null;
  // Keys are in the order of ids, and a parent is older than its children.
  const roots = nodes.filter((node): node is SavedRoot => !("parent" in node));
  const steps = nodes.filter((node): node is SavedStep => "parent" in node);
  return { ...head, roots, steps };
}

/** Writes one session. `known`: what the store holds of it now. */
function writer(
  use: UseStore,
  id: string,
  known: SavedSession | null,
  { tab, onTrouble }: VaultOptions,
): Omit<Vault, "stored"> {
  /** What is in the store when all writes are through, by node id: a node is written again only where it changes. */
  const nodes = new Map(
    [...known?.roots ?? [], ...known?.steps ?? []].map((node) => [node.id, versionOf(node)]),
  );
  let written: NodeVersions = new Map(nodes);
  let waiting: Session | null = null;
  let newest: Session | null = null; // of those that are or were being written
  let writing = 0;
  let unwritten = false; // something was changed that is not in the store
  let kept: Session | null = null; // in the tab
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  const write = async (session: Session) => {
    const { roots, steps, ...head } = saveSession(session, new Date());
    let after: NodeVersions = written;
    await use("readwrite", (store) => {
      // What is there may be of no use, and nodes that nothing reaches any more are not known here.
      if (nodes.size === 0) store.delete(nodesOf(id));
      store.put(head, headKey(id));
      writeChanged(store, id, { roots, steps }, nodes);
      after = new Map(nodes);
      store.transaction.commit(); // at once: a page that goes away could not answer "no more requests"
      return completed(store.transaction);
    });
    written = after;
    if (writing === 1 && waiting === null) {
      forgetUnwritten(tab);
      unwritten = false;
      kept = null;
    }
    if (first) await prune(use);
    first = false;
  };
  const forget = () => {
    nodes.clear();
    written = new Map();
  };
  const flush = () => {
    clearTimeout(timer);
    if (waiting === null) return;
    const session = newest = waiting;
    waiting = null;
    writing++;
    write(session).catch((error) => {
      forget(); // nobody knows what was written
      onTrouble(error);
    }).finally(() => writing--);
  };
  return {
    discard: forget,
    save(session) {
      unwritten = true;
      waiting = session;
      clearTimeout(timer);
      timer = setTimeout(flush, SAVE_DELAY_MS);
    },
    leave(session) {
      if (unwritten && kept !== session) {
        keepUnwritten(tab, saveSession(session, new Date()), written);
        kept = session;
      }
      if (writing > 0 && session === newest) return; // a page that goes away is told so twice
      waiting = session;
      flush();
    },
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

/** Forgets the oldest sessions. */
async function prune(use: UseStore): Promise<void> {
  const old = (await newestFirst(use)).slice(MOST_SESSIONS);
  if (old.length === 0) return;
  await use("readwrite", (store) => {
    for (const id of old) {
      store.delete(headKey(id));
      store.delete(nodesOf(id));
    }
    return completed(store.transaction);
  });
}
