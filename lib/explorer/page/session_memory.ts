// The stored session of this tab, and the moves that wait until it is on the page.
import type { Move } from "../asking/explorer.ts";
import type { Session } from "../session/types.ts";
import type { Store } from "../storage/local_storage.ts";
import { savePreferences } from "../storage/preferences.ts";
import { isSameToStore } from "../storage/saved/session.ts";
import type { SessionStore } from "../storage/store_types.ts";

export interface SessionMemory {
  /** Stores what has changed. */
  changed(now: Session, before: Session): void;
  /** Makes a move, or keeps it until the stored session is on the page. */
  dispatch(move: Move): void;
  /** The stored session is on the page: what waited is done, and from now on everything is stored. */
  begin(sessions: SessionStore): void;
  /** The page may be gone in a moment. Resolves when everything is stored. */
  leave(session: Session): Promise<void>;
}

/** Holds moves back until the stored session is read, then writes each change to the browser's stores. */
export function createSessionMemory(storage: Store, dispatch: (move: Move) => void): SessionMemory {
  let sessions: SessionStore | null = null;
  const waiting: Move[] = [];
  return {
    changed(now, before) {
      if (sessions === null) return; // what is brought back from the store was not set in this tab
      savePreferences(storage, now, before);
      if (!isSameToStore(now, before)) sessions.save(now);
    },
    dispatch: (move) => sessions === null ? void waiting.push(move) : dispatch(move),
    begin(found) {
      sessions = found;
      waiting.splice(0).forEach(dispatch);
    },
    leave: async (session) => await sessions?.leave(session),
  };
}
