/// <reference lib="dom" />
// Writes the session of a tab into IndexedDB, a moment after it changed and at once when the page is left.
import type { UseStore } from "idb-keyval";
import type { Session } from "../session/types.ts";
import { saveSession } from "./saved/session.ts";
import type { SavedSession } from "./saved/types.ts";
import { listNewestFirst, waitForTransaction } from "./tab_session.ts";
import { forgetUnsaved, keepUnsaved, type NodeVersions, versionOf } from "./unsaved.ts";

/** Sessions that are kept. */
const MOST_SESSIONS = 12;
const SAVE_DELAY_MS = 200;

export const headKey = (id: string) => ["head", id];
const nodeKey = (id: string, node: number) => ["node", id, node];
export const nodesOf = (id: string) => IDBKeyRange.bound(["node", id], ["node", id, []]);

interface WriterOptions {
  readonly tab: Storage | null;
  readonly onTrouble: (error: unknown) => void;
}

export class SessionWriter {
  /** What is in the store when all writes are through, by node id: a node is written again only where it changes. */
  readonly #nodes: Map<number, string>;
  /** What is in the store for certain. */
  #written: NodeVersions;
  #waiting: Session | null = null;
  /** The newest of those that are or were being written. */
  #newest: Session | null = null;
  #writing = 0;
  /** Something was changed that is not in the store. */
  #hasChanges = false;
  /** The session that the tab keeps. */
  #inTab: Session | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasPruned = false;

  /** Writes the session `id`. `known`: what the store holds of it now. */
  constructor(
    private readonly use: UseStore,
    private readonly id: string,
    known: SavedSession | null,
    private readonly options: WriterOptions,
  ) {
    const nodes = [...known?.roots ?? [], ...known?.steps ?? []];
    this.#nodes = new Map(nodes.map((node) => [node.id, versionOf(node)]));
    this.#written = new Map(this.#nodes);
  }

  /** What the store holds is of no use, or not known any more: the next save writes everything. */
  discard(): void {
    this.#nodes.clear();
    this.#written = new Map();
  }

  /** Stores a session a moment later; the newest wins. */
  save(session: Session): void {
    this.#hasChanges = true;
    this.#waiting = session;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#flush(), SAVE_DELAY_MS);
  }

  /** Stores at once, and resolves when it is written; the tab keeps the session too, because a page that goes away may
   * not see its write through. */
  async leave(session: Session): Promise<void> {
    if (this.#hasChanges && this.#inTab !== session) {
      keepUnsaved(this.options.tab, saveSession(session, new Date()), this.#written);
      this.#inTab = session;
    }
    if (this.#writing > 0 && session === this.#newest) return; // a page that goes away is told so twice
    this.#waiting = session;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#waiting === null) return;
    const session = this.#newest = this.#waiting;
    this.#waiting = null;
    this.#writing++;
    await this.#write(session).catch((error) => {
      this.discard(); // what was written of it is not known
      this.options.onTrouble(error);
    }).finally(() => this.#writing--);
  }

  async #write(session: Session): Promise<void> {
    const { roots, steps, ...head } = saveSession(session, new Date());
    let after: NodeVersions = this.#written;
    await this.use("readwrite", (store) => {
      // What is there may be of no use, and nodes that nothing reaches any more are not known here.
      if (this.#nodes.size === 0) store.delete(nodesOf(this.id));
      store.put(head, headKey(this.id));
      writeChanged(store, this.id, { roots, steps }, this.#nodes);
      after = new Map(this.#nodes);
      store.transaction.commit(); // at once: a page that goes away could not answer "no more requests"
      return waitForTransaction(store.transaction);
    });
    this.#written = after;
    if (this.#writing === 1 && this.#waiting === null) {
      forgetUnsaved(this.options.tab);
      this.#hasChanges = false;
      this.#inTab = null;
    }
    if (!this.#hasPruned) await prune(this.use);
    this.#hasPruned = true;
  }
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
  const old = (await listNewestFirst(use)).slice(MOST_SESSIONS);
  if (old.length === 0) return;
  await forgetSessions(use, old);
}

/** Takes sessions out of the store. */
export async function forgetSessions(use: UseStore, ids: readonly string[]): Promise<void> {
  await use("readwrite", (store) => {
    for (const id of ids) {
      store.delete(headKey(id));
      store.delete(nodesOf(id));
    }
    return waitForTransaction(store.transaction);
  });
}
