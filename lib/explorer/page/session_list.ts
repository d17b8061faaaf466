/// <reference lib="dom" />
// The list of kept sessions as a store: read when it is opened, and after every change.
import { type ReadonlySignal, signal } from "@preact/signals";
import { type ListedSession, openSavedSessions, type SavedSessions } from "../storage/saved_sessions.ts";
import type { Page } from "./page.ts";

export interface SessionList {
  /** Null until it is read. */
  readonly sessions: ReadonlySignal<readonly ListedSession[] | null>;
  /** Why there is no list; "" = there is. */
  readonly problem: ReadonlySignal<string>;
  read(): void;
  forget(ids: readonly string[]): void;
  /** Goes on with another session in this tab; null: with a new one. */
  open(id: string | null): void;
  stop(): void;
}

/** The sessions that this browser keeps: listed, opened, forgotten. */
export function createSessionList({ page }: { readonly page: Pick<Page, "save"> }): SessionList {
  const sessions = signal<readonly ListedSession[] | null>(null);
  const problem = signal("");
  let opened: SavedSessions | null = null;
  const kept = () => opened ??= openSavedSessions(); // throws where the browser forbids its storages
  const attempt = (work: () => Promise<unknown>) =>
    void work().catch((error) => problem.value = `This browser keeps no sessions: ${error.message}`);
  const read = async () => sessions.value = await kept().list();
  return {
    ...{ sessions, problem, stop: () => {} },
    read: () =>
      attempt(async () => {
        await page.save();
        await read();
      }),
    forget: (ids) =>
      attempt(async () => {
        await kept().forget(ids);
        await read();
      }),
    open: (id) =>
      attempt(async () => {
        await page.save();
        kept().turnTo(id);
        location.reload();
      }),
  };
}
