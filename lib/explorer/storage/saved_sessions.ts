/// <reference lib="dom" />
// The sessions that this browser keeps, beside the one of this tab: listed, forgotten, gone to.
import type { Draft } from "../session/types.ts";
import type { SavedHead } from "./saved/types.ts";
import { openStore } from "./session_store.ts";
import { forgetSessions } from "./session_writer.ts";
import { createSessionId, headsOf, lockName, TAB_KEY } from "./tab_session.ts";

export interface ListedSession {
  readonly id: string;
  /** What it began with: "The capital of France is". */
  readonly title: string;
  readonly savedAt: Date;
  readonly model: string | null;
  readonly branches: number;
  /** `here`: the one of this tab; `elsewhere`: another tab has it open. */
  readonly place: "here" | "elsewhere" | "free";
}

export interface SavedSessions {
  /** The newest first. Rejects where the browser keeps none. */
  list(): Promise<readonly ListedSession[]>;
  forget(ids: readonly string[]): Promise<void>;
  /** From now on this tab belongs to another session; null: to a new one. The page has to be loaded again. */
  turnTo(id: string | null): void;
}

const LONGEST_TITLE = 120; // characters

/** The store of sessions in IndexedDB, as the list of sessions needs it. */
export function openSavedSessions(): SavedSessions {
  const use = openStore();
  const own = sessionStorage.getItem(TAB_KEY);
  return {
    async list() {
      const [heads, held] = await Promise.all([headsOf(use), readHeldLocks()]);
      const placeOf = (id: string) => id === own ? "here" : held.has(lockName(id)) ? "elsewhere" : "free";
      return heads.map(({ id, head }) => listedSessionOf(id, head, placeOf(id)));
    },
    forget: (ids) => forgetSessions(use, ids),
    turnTo: (id) => sessionStorage.setItem(TAB_KEY, id ?? createSessionId()),
  };
}

async function readHeldLocks(): Promise<ReadonlySet<string | undefined>> {
  const { held = [] } = await navigator.locks?.query() ?? {}; // no locks on plain http
  return new Set(held.map(({ name }) => name));
}

/** A stored session as the list shows it. */
export function listedSessionOf(id: string, head: SavedHead, place: ListedSession["place"]): ListedSession {
  const { model, tree, savedAt } = head;
  return {
    id,
    title: titleOf(head.draft),
    savedAt: new Date(savedAt),
    model,
    branches: tree.branches.length,
    place,
  };
}

/** The text of the prompt, or the user's first words of a conversation. */
function titleOf({ mode, text, chat }: Draft): string {
  const asked = chat.messages.find(({ role, content }) => role === "user" && content !== "");
  const whole = mode === "text" ? text : (asked ?? chat.messages[0])?.content ?? "";
  const line = whole.replace(/\s+/g, " ").trim();
  return [...line].slice(0, LONGEST_TITLE).join("") || "Nothing written yet";
}
