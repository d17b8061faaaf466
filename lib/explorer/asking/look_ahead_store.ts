// One look ahead at a time; what it found goes when the text, the settings or the model change.
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Api, failureOf } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { type Ahead, type AheadChoice, aheadPlace, isAheadCurrent, lookAhead } from "./look_ahead.ts";

export interface LookAheadStore {
  /** What was found for the present text and settings; null: nothing yet. */
  readonly ahead: ReadonlySignal<Ahead | null>;
  readonly working: ReadonlySignal<boolean>;
  start(choice: AheadChoice): void;
  stop(): void;
}

interface LookAheadOptions {
  readonly explorer: Explorer;
  readonly api: Api;
  readonly onNotice: (text: string) => void;
}

/** `open` drops what has become old; it returns the way to stop. */
export function createLookAhead(
  { explorer, api, onNotice }: LookAheadOptions,
): LookAheadStore & { open(): () => void } {
  const found = signal<Ahead | null>(null);
  const running = signal<AbortController | null>(null);
  const ahead = computed(() => {
    const now = found.value;
    return now !== null && isAheadCurrent(explorer.session.value, now) ? now : null;
  });
  const stop = () => {
    running.peek()?.abort();
    running.value = null;
    const now = found.peek();
    if (now !== null && now.end === null) found.value = { ...now, end: "stopped" };
  };
  const run = async (choice: AheadChoice) => {
    const session = explorer.session.value;
    const place = aheadPlace(session);
    if (place === null) return;
    running.peek()?.abort();
    const { signal } = running.value = new AbortController();
    try {
      for await (const next of lookAhead(session, place, choice, { api, signal })) {
        if (signal.aborted) return;
        found.value = next;
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
    open: () => keepCurrent({ found, ahead, stop }),
  };
}

function keepCurrent({ found, ahead, stop }: {
  readonly found: { value: Ahead | null };
  readonly ahead: ReadonlySignal<Ahead | null>;
  readonly stop: () => void;
}): () => void {
  const forget = effect(() => {
    if (ahead.value !== null || found.value === null) return;
    stop();
    found.value = null;
  });
  return () => {
    forget();
    stop();
  };
}
