// "Can this be trusted?": the score on this text, its curves, and what speaks against the picture.
import type { AttributionResult, Faithfulness } from "../../lib/wire/attribution.ts";
import { trustView, wordOfVerdict } from "../../lib/explorer/attribution/trust_view.ts";
import { TriangleAlert } from "../icons.ts";
import { CURVE, drawCurves } from "../../lib/explorer/attribution/curve_view.ts";
import { Explained } from "../Explained.tsx";

function Curves({ faithfulness, rival }: { faithfulness: Faithfulness; rival: boolean }) {
  const { most, least, random, counts, falls } = drawCurves(faithfulness);
  return (
    <figure class="attr-curves">
      <svg viewBox={`0 0 ${CURVE.width} ${CURVE.height}`} role="img" aria-label={falls}>
        <line class="attr-axis" x1="0" x2={CURVE.width} y1={CURVE.height - 1} y2={CURVE.height - 1} />
        <polyline class="attr-random" points={random} />
        <polyline class="attr-least" points={least} />
        <polyline class="attr-most" points={most} />
      </svg>
      <figcaption class="key">
        <span>
          <i class="attr-line most" aria-hidden="true" />highest first
        </span>
        <span>
          <i class="attr-line least" aria-hidden="true" />lowest first
        </span>
        <span>
          <i class="attr-line random" aria-hidden="true" />random
        </span>
        <span>{rival ? "A’s lead over B" : "log-probability"} after removing up to {counts} tokens</span>
      </figcaption>
    </figure>
  );
}

export function Trust({ result }: { result: AttributionResult }) {
  const view = trustView(result);
  return (
    <section aria-labelledby="attr-trust">
      <h3 class="h" id="attr-trust">Can this be trusted?</h3>
      {view.score !== null && (
        <p class="attr-score">
          <b>
            <Explained term="faithfulness">{view.score}</Explained>
          </b>{" "}
          <span class={`attr-verdict ${view.verdict}`}>{wordOfVerdict(view.verdict!)}</span>
        </p>
      )}
      {view.warnings.map((text) => (
        <p key={text} class="attr-warn">
          <TriangleAlert size={15} strokeWidth={1.7} />
          {text}
        </p>
      ))}
      {view.sentences.map((text) => <p key={text} class="note">{text}</p>)}
      {result.faithfulness !== null && (
        <Curves faithfulness={result.faithfulness} rival={result.contrast !== null} />
      )}
    </section>
  );
}
