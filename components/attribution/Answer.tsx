// The answer to what was asked: the strongest tokens, how far they can be trusted, or the model's parts and layers.
import { contributors, isSigned } from "../../lib/explorer/attribution/scores.ts";
import type { AttributionStore } from "../../lib/explorer/attribution/store.ts";
import type { Computed } from "../../lib/explorer/attribution/run.ts";
import { Contributors } from "./Contributors.tsx";
import { Trust } from "./Trust.tsx";

interface AnswerProps {
  readonly attribution: AttributionStore;
  readonly answer: Computed;
}

export function Answer({ answer }: AnswerProps) {
  const { result } = answer;
  return (
    <div class="attr-answer">
      {result.attributions.length > 0 && (
        <Contributors
          rows={contributors(result)}
          signed={isSigned(result)}
          rival={result.contrast !== null}
        />
      )}
      <Trust result={result} />
    </div>
  );
}
