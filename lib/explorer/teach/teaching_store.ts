// What helps to begin, as state: the help dialog, the examples, the tour, single keys and large type.
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Page, showPresenting } from "../page/page.ts";
import { loadSingleKeys, saveSingleKeys } from "../storage/preferences.ts";
import { loadPresenting, loadTourSeen, savePresenting, saveTourSeen } from "../storage/remembered.ts";
import type { LibraryPrompt } from "./library.ts";
import { beginPrompt } from "./teaching_moves.ts";

export interface TeachingStore {
  readonly help: ReadonlySignal<boolean>;
  readonly library: ReadonlySignal<boolean>;
  /** The step of the tour; null: it does not run. */
  readonly step: ReadonlySignal<number | null>;
  /** The tour was never ended. */
  readonly offered: ReadonlySignal<boolean>;
  readonly singleKeys: ReadonlySignal<boolean>;
  readonly presenting: ReadonlySignal<boolean>;
  showHelp(on: boolean): void;
  showLibrary(on: boolean): void;
  choose(prompt: LibraryPrompt): void;
  goTo(step: number | null): void;
  useSingleKeys(on: boolean): void;
  present(on: boolean): void;
  /** Takes what the browser has stored. */
  open(): void;
}

export function createTeaching(page: Page, onNotice: (text: string) => void): TeachingStore {
  const { storage } = page;
  const help = signal(false);
  const library = signal(false);
  const step = signal<number | null>(null);
  const offered = signal(false);
  const singleKeys = signal(true);
  const presenting = signal(false);
  return {
    ...{ help, library, step, offered, singleKeys, presenting },
    showHelp: (on) => help.value = on,
    showLibrary: (on) => library.value = on,
    choose({ source }) {
      library.value = false;
      page.dispatch((now) => beginPrompt(now, source));
    },
    goTo(next) {
      step.value = next;
      if (next !== null) return;
      offered.value = false;
      saveTourSeen(storage);
    },
    useSingleKeys: (on) => saveSingleKeys(storage, singleKeys.value = on),
    present(on) {
      presenting.value = on;
      savePresenting(storage, on);
      showPresenting(on);
      onNotice(on ? "Large type for a projector." : "Normal type.");
    },
    open() {
      singleKeys.value = loadSingleKeys(storage);
      presenting.value = loadPresenting(storage);
      offered.value = !loadTourSeen(storage);
    },
  };
}
