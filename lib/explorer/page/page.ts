/// <reference lib="dom" />
// Where the page meets the browser: storage, focus, clipboard, theme. Kept apart so that the rest needs no DOM.
import type { ModelStatus } from "../../wire/models.ts";
import { type Api, createApi } from "../asking/api.ts";
import { createExplorer, type Explorer, type Move } from "../asking/explorer.ts";
import type { DrawnTokens } from "../views/strip_view.ts";
import { createSession } from "../session/new_session.ts";
import { createPeek, type Peek } from "../asking/peek.ts";
import { followPins } from "../asking/follow_pins.ts";
import type { Store } from "../storage/local_storage.ts";
import { loadDisplay, loadEnabled } from "../storage/preferences.ts";
import { editText } from "../moves/prompt_moves.ts";
import { readStored } from "../storage/read_stored.ts";
import { loadSettings } from "../storage/stored_settings.ts";
import { restoreSession } from "../storage/saved/session.ts";
import type { Reason } from "../session/types.ts";
import { openSessionStore } from "../storage/session_store.ts";
import type { SessionStore } from "../storage/store_types.ts";
import { createSessionMemory, type SessionMemory } from "./session_memory.ts";

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
  /** What the page is called among all that ask. */
  readonly name: string;
  /** Remembered from one drawing to the next. */
  readonly drawnTokens: DrawnTokens;
  /** Makes a move; before the stored session is there it waits for it. */
  readonly dispatch: (move: Move) => void;
  /** Resolves when everything is stored. */
  save(): Promise<void>;
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
function createPageName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The store of a page. In the browser it begins with the remembered settings and with what has been typed before
 * this script ran; on the server with the first ones. */
export function openPage(options: PageOptions): Page {
  const { status, prompt, inBrowser } = options;
  const typed = inBrowser ? document.querySelector<HTMLTextAreaElement>("#prompt")?.value ?? prompt : prompt;
  const storage = inBrowser ? openStorage("localStorage") : null;
  const remembered = {
    settings: loadSettings(storage),
    display: loadDisplay(storage),
    enabled: loadEnabled(storage),
  };
  const name = createPageName();
  const api = createApi(name);
  const memory = createSessionMemory(storage, (move) => explorer.dispatch(move));
  const explorer = createExplorer({
    session: createSession({ prompt, model: status, ...remembered }),
    api,
    onAnswer: options.onAnswer,
    still: () => inBrowser && matchMedia("(prefers-reduced-motion: reduce)").matches,
    onChange: memory.changed,
  });
  const parts = { explorer, api, peek: createPeek(explorer, api), storage };
  return {
    ...parts,
    ...{ name, dispatch: memory.dispatch, drawnTokens: new WeakMap() },
    save: () => memory.leave(explorer.session.value),
    open() {
      const stop = new AbortController();
      void begin(parts, memory, options, typed, stop.signal);
      return () => stop.abort();
    },
  };
}

/** Brings back what was stored, then asks and follows the model, until the signal aborts. */
async function begin(
  { explorer, api, peek }: Pick<Page, "explorer" | "api" | "peek">,
  memory: SessionMemory,
  { prompt, onNotice }: PageOptions,
  typed: string,
  signal: AbortSignal,
): Promise<void> {
  keepTyped(explorer, prompt, typed);
  const found = await openSessions(onNotice);
  const saved = await readStored(found, onNotice);
  if (signal.aborted) return;
  const { text } = explorer.session.value.draft; // typed since then as well
  if (saved !== null) explorer.dispatch((now) => restoreSession(now, saved));
  keepTyped(explorer, prompt, text);
  memory.begin(found);
  const close = explorer.open();
  explorer.follow(!document.hidden);
  const leave = () => void memory.leave(explorer.session.value);
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
}

function openSessions(onNotice: (text: string) => void): Promise<SessionStore> {
  return openSessionStore({
    tab: openStorage("sessionStorage"),
    locks: navigator.locks,
    onTrouble: (error) => {
      console.warn(`This browser stores nothing: ${error}`);
      onNotice("This browser stores nothing: the text is gone when the page is closed.");
    },
    onAnswered: () => onNotice("The browser's store has answered: from now on the text is stored."),
  });
}

/** Drawing the page has put the first prompt over what was typed before: it is put back. */
function keepTyped({ dispatch }: Explorer, prompt: string, typed: string): void {
  if (typed !== prompt) dispatch((now) => editText(now, typed));
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
