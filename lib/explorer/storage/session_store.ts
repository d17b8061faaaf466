/// <reference lib="dom" />
// Where sessions live in the browser: IndexedDB, one record for the session and one for every node, so that a new
// token costs a small write. Each tab has a session of its own and holds a lock on it; a new tab goes on with the one
// that was closed last.
import { createStore, type UseStore } from "idb-keyval";
import type { SavedHead, SavedRoot, SavedSession, SavedStep } from "./saved/types.ts";
import { headKey, nodesOf, SessionWriter } from "./session_writer.ts";
import { openLateStore } from "./late_store.ts";
import type { SessionStore, SessionStoreOptions } from "./store_types.ts";
import { answerOf, claimSession, TAB_KEY } from "./tab_session.ts";
import { withUnsaved } from "./unsaved.ts";

export const openStore = (): UseStore => createStore("next-token", "sessions");

/** Milliseconds that the browser's store has to answer: some never do, and the page must not wait for them. */
const TIMEOUT_MS = 3000;

/** Rejects where the answer takes too long. */
async function limitTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("IndexedDB does not answer")), TIMEOUT_MS);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function claim(use: UseStore, options: SessionStoreOptions) {
  const { id, from, release } = await claimSession(use, options);
  return { id, from, release, stored: from === null ? null : await load(use, from) };
}

/** Opens the store and finds the session of this tab. Without IndexedDB the page works and remembers nothing. */
export async function openSessionStore(options: SessionStoreOptions): Promise<SessionStore> {
  const { use, claimed } = beginClaim(options);
  try {
    const { id, from, stored } = await limitTime(claimed);
    options.tab?.setItem(TAB_KEY, id);
    const writer = new SessionWriter(use, id, from === id ? stored : null, options);
    return {
      stored: withUnsaved(options.tab, stored),
      discard: () => writer.discard(),
      save: (session) => writer.save(session),
      leave: (session) => writer.leave(session),
    };
  } catch (error) {
    options.onTrouble(error);
    const answered = claimed.then(({ release }) => {
      release();
      return use;
    });
    return { stored: withUnsaved(options.tab, null), ...openLateStore(answered, options) };
  }
}

/** A browser may refuse to open a store at all, and say so at once. */
function beginClaim(options: SessionStoreOptions) {
  try {
    const use = openStore();
    return { use, claimed: claim(use, options) };
  } catch (error) {
    const use: UseStore = () => Promise.reject(error);
    return { use, claimed: Promise.reject<Awaited<ReturnType<typeof claim>>>(error) };
  }
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
