/// <reference lib="dom" />
// Where the page meets the browser: storage, focus, clipboard, theme. Kept apart so that the rest needs no DOM.
import type { ModelStatus } from "../../wire/models.ts";
import type { Token } from "../../wire/token.ts";
import { type Api, createApi } from "../asking/api.ts";
import { createExplorer, type Explorer, type Move } from "../asking/explorer.ts";
import type { TokenLook } from "../words/appearance.ts";
import { createSession } from "../session/new_session.ts";
import { createPeek, type Peek } from "../asking/peek.ts";
import { followPins } from "../asking/follow_pins.ts";
import type { Store } from "../storage/local_storage.ts";
import { loadDisplay, loadEnabled, savePreferences, type Theme } from "../storage/preferences.ts";
import { editText } from "../moves/prompt_moves.ts";
import { readStored } from "../storage/read_stored.ts";
import { loadSettings } from "../storage/stored_settings.ts";
import { restoreSession, sameToStore } from "../storage/saved/session.ts";
import type { SavedSession } from "../storage/saved/types.ts";
import type { Reason } from "../session/types.ts";
import { openSessionStore, type SessionStore } from "../storage/session_store.ts";

interface PageOptions {
  readonly status: ModelStatus;
  readonly prompt: string;
  readonly inBrowser: boolean;
  readonly onAnswer: (reason: Reason) => void;
  /** Says something once, for a moment. */
  readonly onNotice: (text: string) => void;
}

export interface Page {
  readonly explorer: Explorer;
  readonly api: Api;
  readonly peek: Peek;
  readonly storage: Store;
  /** How tokens look, kept from one drawing to the next. */
  readonly looks: WeakMap<Token, TokenLook>;
  /** Makes a move; before the stored session is there it waits for it. */
  readonly dispatch: (move: Move) => void;
  /** Brings back what was stored, then asks. Returns the way to stop everything. */
  open(): () => void;
}

function openStorage(name: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[name];
  } catch {
    return null; // forbidden by the browser: nothing is remembered
  }
}

/** A name for this page among all that ask. (randomUUID is missing on plain http outside localhost.) */
function pageName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The store of a page. In the browser it begins with the remembered settings and with what has been typed before
 * this script ran; on the server with the first ones. */
export function openPage(options: PageOptions): Page {
  const { status, prompt, inBrowser } = options;
  const storage = inBrowser ? openStorage("localStorage") : null;
  const session = createSession({
    prompt,
    model: status,
    settings: loadSettings(storage),
    display: loadDisplay(storage),
    enabled: loadEnabled(storage),
  });
  let sessions: SessionStore | null = null;
  const api = createApi(pageName());
  const explorer = createExplorer({
    session,
    api,
    onAnswer: options.onAnswer,
    still: () => inBrowser && matchMedia("(prefers-reduced-motion: reduce)").matches,
    onChange: (now, before) => {
      if (sessions === null) return; // what is brought back from the store was not set in this tab
      savePreferences(storage, now, before);
      if (!sameToStore(now, before)) sessions.save(now);
    },
  });
  const waiting: Move[] = [];
  const dispatch = (move: Move) => sessions === null ? void waiting.push(move) : explorer.dispatch(move);
  const peek = createPeek(explorer, api);
  const store = async (signal: AbortSignal) => {
    const found = await openSessions(options.onNotice);
    const saved = await readStored(found, options.onNotice);
    if (signal.aborted) return;
    restore(explorer, prompt, saved);
    sessions = found;
    waiting.splice(0).forEach(explorer.dispatch);
    const close = explorer.open();
    explorer.follow(!document.hidden);
    const leave = () => sessions?.leave(explorer.session.value);
    addEventListener("pagehide", leave, { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) leave();
      explorer.follow(!document.hidden);
    }, { signal });
    const unpin = followPins(explorer, api);
    signal.addEventListener("abort", () => {
      close();
      unpin();
      peek.stop();
    });
  };
  return {
    ...{ explorer, api, peek, storage, dispatch, looks: new WeakMap() },
    open() {
      const stop = new AbortController();
      void store(stop.signal);
      return () => stop.abort();
    },
  };
}

function openSessions(onNotice: (text: string) => void): Promise<SessionStore> {
  return openSessionStore({
    tab: openStorage("sessionStorage"),
    locks: navigator.locks,
    onTrouble: (error) => {
      console.warn(`This browser stores nothing: ${error}`);
      onNotice("This browser stores nothing: the text is gone when the page is closed.");
    },
  });
}

/** Puts the stored session onto the page; what was typed meanwhile stays. */
function restore({ dispatch }: Explorer, prompt: string, saved: SavedSession | null): void {
  const typed = document.querySelector<HTMLTextAreaElement>("#prompt")?.value ?? prompt;
  if (saved !== null) dispatch((now) => restoreSession(now, saved));
  if (typed !== prompt) dispatch((now) => editText(now, typed));
}

export function prefersDark(): boolean {
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

/** Large type on or off. */
export function showPresenting(on: boolean): void {
  document.documentElement.toggleAttribute("data-presentation", on);
}

/** Copies text; false where the browser forbids it. The clipboard exists on https and localhost only: elsewhere
 * the old command does it. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return await navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const focused = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "sr";
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
