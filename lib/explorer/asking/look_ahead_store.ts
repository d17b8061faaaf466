// One look ahead at a time. What it found is kept: it comes back with the text, the settings and the model it was for.
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Api, failureOf } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { type Ahead, type AheadChoice, findAheadPlace, isAheadCurrent, lookAhead } from "./look_ahead.ts";

export interface LookAheadStore {
  /** What was found for the present text and settings; null: nothing yet. */
  readonly ahead: ReadonlySignal<Ahead | null>;
  readonly working: ReadonlySignal<boolean>;
  start(choice: AheadChoice): void;
  stop(): void;
}

/** Trees that are kept. */
const MOST_KEPT = 20;

interface LookAheadOptions {
  readonly explorer: Explorer;
  readonly api: Api;
  readonly onNotice: (text: string) => void;
}

/** `open` drops what has become old; it returns the way to stop. */
export function createLookAhead(
  { explorer, api, onNotice }: LookAheadOptions,
): LookAheadStore & { open(): () => void } {
  const kept = signal<readonly Ahead[]>([]); // the newest last
  const running = signal<AbortController | null>(null);
  const ahead = computed(() => {
    const session = explorer.session.value;
    return kept.value.findLast((each) => isAheadCurrent(session, each)) ?? null;
  });
  const stop = () => {
    running.peek()?.abort();
    running.value = null;
    kept.value = kept.peek().map((each) => each.end === null ? { ...each, end: "stopped" } : each);
  };
  const run = async (choice: AheadChoice) => {
    const session = explorer.session.value;
    const place = findAheadPlace(session);
    if (place === null) return;
    running.peek()?.abort();
    const { signal } = running.value = new AbortController();
    let before = ahead.peek();
    try {
      for await (const next of lookAhead(session, place, choice, { api, signal })) {
        if (signal.aborted) return;
        kept.value = replaceTree(kept.peek(), before, next);
        before = next;
      }
    } catch (error) {
      const failure = failureOf(error);
      if (failure !== null && !signal.aborted) onNotice(failure.message);
    }
    if (!signal.aborted) stop();
  };
  return {
    ...{ ahead, stop, working: computed(() => running.value !== null) },
    start: (choice) => void run(choice),
    open: () => stopWhenLeft({ kept, ahead, stop }),
  };
}

/** With a tree in the place of the one that it grew from. */
function replaceTree(kept: readonly Ahead[], before: Ahead | null, next: Ahead): readonly Ahead[] {
  return [...kept.filter((each) => each !== before), next].slice(-MOST_KEPT);
}

/** Ends a look ahead whose text has been left. */
function stopWhenLeft({ kept, ahead, stop }: {
  readonly kept: ReadonlySignal<readonly Ahead[]>;
  readonly ahead: ReadonlySignal<Ahead | null>;
  readonly stop: () => void;
}): () => void {
  const forget = effect(() => {
    if (ahead.value === null && kept.value.some(({ end }) => end === null)) stop();
  });
  return () => {
    forget();
    stop();
  };
}
