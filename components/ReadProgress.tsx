// How far the reading of a long prompt is, over the bars of before, and the way to stop it.
import type { ReadonlySignal } from "@preact/signals";
import type { ReadProgress as Progress } from "../lib/explorer/asking/read_progress.ts";
import { formatCount } from "../lib/explorer/words/format.ts";
import { ActionButton } from "./ActionButton.tsx";

interface ReadProgressProps {
  readonly reading: ReadonlySignal<Progress | null>;
  readonly onStop: () => void;
}

/** Reads the progress by itself: a chunk that is done draws nothing else again. */
export function ReadProgress({ reading, onStop }: ReadProgressProps) {
  const now = reading.value;
  if (now === null) return null;
  const { done, total, leftMs } = now;
  const share = Math.floor(100 * done / total);
  const left = Math.ceil(leftMs / 1000);
  return (
    <div class="reading">
      <p>
        <b>Reading the prompt: {share} %</b>
        <span class="note">
          {formatCount(done)} of {formatCount(total)} tokens, about{" "}
          {left === 1 ? "1 second" : `${formatCount(left)} seconds`} left
        </span>
      </p>
      <div
        class="reading-bar"
        role="progressbar"
        aria-label="Reading the prompt"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
      >
        <svg aria-hidden="true">
          <rect class="rail" width="100%" height="4" rx="2" />
          <rect class="fill" width={`${share}%`} height="4" rx="2" />
        </svg>
      </div>
      <ActionButton class="btn sm" onPress={onStop}>Stop</ActionButton>
    </div>
  );
}
