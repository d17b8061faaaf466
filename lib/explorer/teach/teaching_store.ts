// What helps to begin, as state: the help dialog, the examples, the tour, single keys and large type.
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Page, showPresenting } from "../page/page.ts";
import { loadSingleKeys, saveSingleKeys } from "../storage/preferences.ts";
import { loadPresenting, loadTourSeen, savePresenting, saveTourSeen } from "../storage/remembered.ts";
import type { Answer, TreeNode } from "../session/types.ts";
import type { LibraryPrompt } from "./library.ts";
import { beginExample } from "./teaching_moves.ts";

/** How often each token was drawn from an answer; null: all that have no row. */
export interface Draws {
  /** The number of the answer that they were drawn from. */
  readonly number: number;
  readonly total: number;
  readonly counts: ReadonlyMap<number | null, number>;
}

export interface TeachingStore {
  readonly help: ReadonlySignal<boolean>;
  readonly library: ReadonlySignal<boolean>;
  /** The step of the tour; null: it does not run. */
  readonly step: ReadonlySignal<number | null>;
  /** The tour was never ended. */
  readonly offered: ReadonlySignal<boolean>;
  readonly singleKeys: ReadonlySignal<boolean>;
  readonly presenting: ReadonlySignal<boolean>;
  /** The bars are hidden until a guess is made. */
  readonly guessing: ReadonlySignal<boolean>;
  /** Draws that are shown beside the bars; null: none. */
  readonly draws: ReadonlySignal<Draws | null>;
  guess(on: boolean): void;
  /** Shows the bars of a place. */
  reveal(place: TreeNode | null): void;
  /** Shows the bars of the present place. */
  revealHere(): void;
  /** Says something once, for a moment. */
  say(text: string): void;
  /** True where the bars of an answer wait for a guess. */
  hides(answer: Answer | null): boolean;
  showDraws(draws: Draws | null): void;
  showHelp(on: boolean): void;
  showLibrary(on: boolean): void;
  choose(prompt: LibraryPrompt): void;
  goTo(step: number | null): void;
  useSingleKeys(on: boolean): void;
  present(on: boolean): void;
  /** Takes what the browser has stored. */
  open(): void;
}

/** Help, examples, tour, guesses and large type, as signals; `onNotice` says something for a moment. */
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
    ...createLesson(page),
    say: onNotice,
    showHelp: (on) => help.value = on,
    showLibrary: (on) => library.value = on,
    choose(prompt) {
      library.value = false;
      page.dispatch((now) => beginExample(now, prompt));
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

/** What a class does with the bars: guess before they are seen, and draw from them. */
function createLesson({ explorer }: Pick<Page, "explorer">) {
  const guessing = signal(false);
  const revealed = signal<TreeNode | null>(null);
  const draws = signal<Draws | null>(null);
  return {
    ...{ guessing, draws },
    guess: (on: boolean) => guessing.value = on,
    reveal: (place: TreeNode | null) => revealed.value = place,
    revealHere: () => revealed.value = explorer.session.peek().answer?.node ?? null,
    hides: (answer: Answer | null) => guessing.value && answer !== null && answer.node !== revealed.value,
    showDraws: (next: Draws | null) => draws.value = next,
  };
}
