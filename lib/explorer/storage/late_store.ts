/// <reference lib="dom" />
// Storing where the browser's store did not answer in time: the page has begun without what was stored. What it does
// goes into a session of its own, so that it takes the place of nothing; until the store answers the tab keeps it.
import type { UseStore } from "idb-keyval";
import type { Session } from "../session/types.ts";
import { saveSession } from "./saved/session.ts";
import type { SessionStore, SessionStoreOptions } from "./store_types.ts";
import { SessionWriter } from "./session_writer.ts";
import { createSessionId, hold, TAB_KEY } from "./tab_session.ts";
import { keepUnsaved } from "./unsaved.ts";

/** Begins to store when `answered` resolves with the way to open a store; where it rejects, only the tab keeps. */
export function openLateStore(
  answered: Promise<UseStore>,
  options: SessionStoreOptions,
): Omit<SessionStore, "stored"> {
  const ownId = createOwnId(options);
  let use: UseStore | null = null;
  let writer: SessionWriter | null = null;
  let changed: Session | null = null;

  function begin(): void {
    if (use === null || changed === null) return;
    writer = new SessionWriter(use, ownId(), null, options);
    writer.save(changed);
    options.onAnswered();
  }

  answered.then((store) => {
    use = store;
    begin();
  }, () => {});
  return {
    discard() {},
    save(session) {
      if (writer !== null) return writer.save(session);
      changed = session;
      ownId();
      begin();
    },
    async leave(session) {
      if (writer !== null) await writer.leave(session);
      else if (changed !== null) keepUnsaved(options.tab, saveSession(session, new Date()), new Map());
    },
  };
}

/** The id of a session of its own, with which the tab goes on from the first call on. */
function createOwnId({ tab, locks }: SessionStoreOptions): () => string {
  let id: string | null = null;
  return () => {
    if (id !== null) return id;
    id = createSessionId();
    tab?.setItem(TAB_KEY, id);
    if (locks !== undefined) void hold(locks, id);
    return id;
  };
}
