/// <reference lib="dom" />
// Where the page meets the browser: storage, focus, clipboard, theme. Kept apart so that the rest needs no DOM.
import type { ModelStatus } from "../api/wire.ts";
import { createClient } from "./client.ts";
import { DEFAULT_SETTINGS, type KeyValues, loadSettings, saveSettings, type Theme } from "./preferences.ts";
import { createSession } from "./session.ts";
import { createExplorer, type Explorer } from "./store.ts";
import type { Reason } from "./types_v1.ts";

interface PageOptions {
  readonly status: ModelStatus;
  readonly prompt: string;
  readonly inBrowser: boolean;
  readonly onAnswer: (reason: Reason) => void;
}

export interface Page {
  readonly explorer: Explorer;
  readonly storage: KeyValues | null;
}

function openStorage(): KeyValues | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null; // forbidden by the browser: nothing is remembered
  }
}

/** A name for this page among all that ask. (randomUUID is missing on plain http outside localhost.) */
function pageName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The store of a page. In the browser it begins with what is remembered and with what has been typed before
 * this script ran; on the server with the defaults. */
export function openPage({ status, prompt, inBrowser, onAnswer }: PageOptions): Page {
  const storage = inBrowser ? openStorage() : null;
  const box = inBrowser ? document.querySelector<HTMLTextAreaElement>("#prompt") : null;
  const settings = inBrowser ? loadSettings(storage) : DEFAULT_SETTINGS;
  const session = createSession({ draft: box?.value ?? prompt, settings, model: status });
  const explorer = createExplorer({
    session,
    client: createClient(pageName()),
    onAnswer,
    onChange: (now, before) => {
      if (now.settings !== before.settings) saveSettings(storage, now.settings);
    },
  });
  return { explorer, storage };
}

export function focusFirstBar(): void {
  document.querySelector<HTMLElement>("#bars button")?.focus({ preventScroll: true });
}

export function focusPrompt(): void {
  document.querySelector<HTMLElement>("#prompt")?.focus();
}

export function prefersDark(): boolean {
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
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
