// A warning at the edge of the text, and the press that does away with it.
import { TriangleAlert } from "../icons.ts";
import type { HintsStore } from "../../lib/explorer/teach/hints_store.ts";
import type { Fix, Hint } from "../../lib/explorer/teach/hints.ts";

interface HintChipProps {
  readonly hint: Hint;
  readonly onFix: (fix: Fix) => void;
}

export function HintChip({ hint, onFix }: HintChipProps) {
  return (
    <button type="button" class="chip warn" data-term={hint.term} onClick={() => onFix(hint.fix)}>
      <TriangleAlert size={15} strokeWidth={1.8} />
      <span>{hint.text}</span> <b>{hint.fixLabel}</b>
    </button>
  );
}

/** The hints of a session; nothing where nothing is odd. */
export function SessionHints({ store }: { store: HintsStore }) {
  const hints = store.hints.value;
  return hints.length === 0 ? null : <Hints hints={hints} onFix={store.fix} />;
}

/** At most two hints at once: the first ones matter most. */
export function Hints({ hints, onFix }: { hints: readonly Hint[]; onFix: (fix: Fix) => void }) {
  const shown = hints.slice(0, 2);
  return (
    <div class="hints">
      {shown.map((hint) => <HintChip key={hint.kind} hint={hint} onFix={onFix} />)}
    </div>
  );
}
