// The answer to what was asked: the strongest tokens, how far they can be trusted, or the model's parts and layers.
import { lensView } from "../../lib/explorer/attribution/lens_view.ts";
import type { Computed } from "../../lib/explorer/attribution/run.ts";
import { rankContributors } from "../../lib/explorer/attribution/contributors.ts";
import { isSigned } from "../../lib/explorer/attribution/scores.ts";
import type { AttributionStore } from "../../lib/explorer/attribution/store.ts";
import { Contributors } from "./Contributors.tsx";
import { Heads } from "./Heads.tsx";
import { Lens } from "./Lens.tsx";
import { Parts } from "./Parts.tsx";
import { Trust } from "./Trust.tsx";

interface AnswerProps {
  readonly attribution: AttributionStore;
  readonly answer: Computed;
}

export function Answer(props: AnswerProps) {
  const { result } = props.answer;
  const lens = lensView(result);
  return (
    <div class="attr-answer">
      {result.attributions.length > 0 && (
        <Contributors
          title={result.segments.length > 0 ? "Strongest parts of the text" : "Strongest tokens"}
          rows={rankContributors(result)}
          signed={isSigned(result)}
          rival={result.contrast !== null}
        />
      )}
      {result.attributions.length > 0 && <Trust result={result} />}
      {result.parts !== null && <Parts {...props} />}
      {lens !== null && <Lens view={lens} />}
      {result.heads !== null && <Heads {...props} />}
    </div>
  );
}
