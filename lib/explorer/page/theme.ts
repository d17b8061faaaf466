/// <reference lib="dom" />
// Light or dark: the browser's preference until the user has chosen.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Store } from "../storage/local_storage.ts";
import { loadTheme, saveTheme, type Theme } from "../storage/preferences.ts";

export interface ThemeStore {
  readonly theme: ReadonlySignal<Theme>;
  toggle(): void;
  /** Takes what the browser has stored or prefers. */
  open(): void;
}

/** Light or dark, as chosen or as the browser prefers. */
export function createTheme(storage: Store): ThemeStore {
  const theme = signal<Theme>("light");
  return {
    theme,
    toggle() {
      theme.value = theme.value === "dark" ? "light" : "dark";
      saveTheme(storage, theme.value);
      document.documentElement.dataset.theme = theme.value;
    },
    open() {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      theme.value = loadTheme(storage) ?? (dark ? "dark" : "light");
    },
  };
}
