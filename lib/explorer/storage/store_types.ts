// The store of a tab's session, and what it needs. Types only.
import type { Session } from "../session/types.ts";
import type { TabOptions } from "./tab_session.ts";

export interface SessionStore {
  /** The session of this tab as it was stored, unchecked; null = there is none. */
  readonly stored: unknown;
  /** `stored` is of no use: the next save takes the place of all of it. */
  discard(): void;
  /** Stores a session a moment later; the newest wins. */
  save(session: Session): void;
  /** Stores at once: the page may be gone in a moment. Resolves when it is written. */
  leave(session: Session): Promise<void>;
}

export interface SessionStoreOptions extends TabOptions {
  /** Called when nothing can be stored. */
  readonly onTrouble: (error: unknown) => void;
  /** Called when a store that seemed to be none is one after all. */
  readonly onAnswered: () => void;
}
