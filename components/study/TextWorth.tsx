// What the model thought of the text: in numbers, and as curves of surprisal and entropy.
import { Fragment } from "preact";
import type { TextScores } from "../../lib/explorer/asking/text_scores.ts";
import {
  CURVE,
  describeTotals,
  drawTextCurve,
  type Totals,
  totalsOf,
} from "../../lib/explorer/study/totals.ts";
import { Explained } from "../Explained.tsx";
import { Written } from "../Written.tsx";

function Curve({ tokens }: Pick<TextScores, "tokens">) {
  const { surprisal, entropy, top } = drawTextCurve(tokens);
  const label = `Surprise and uncertainty of ${tokens.length} tokens, 0 to ${top} bits.`;
  return (
    <figure class="study-curve">
      <svg viewBox={`-2 -4 ${CURVE.width + 4} ${CURVE.height + 8}`} role="img" aria-label={label}>
        <path class="grid" d={`M0 0H${CURVE.width}M0 ${CURVE.height}H${CURVE.width}`} />
        {entropy.map((points) => <polyline key={points} class="entropy" points={points} />)}
        {surprisal.map((points) => <polyline key={points} class="surprisal" points={points} />)}
      </svg>
      <figcaption class="note">
        <span class="mark-surprisal">
          <Explained term="surprise">Surprise</Explained>
        </span>
        <span class="mark-entropy">
          <Explained term="entropy">Uncertainty</Explained>
        </span>
        <span>0 to {top} bits, along the text</span>
      </figcaption>
    </figure>
  );
}

function Worth({ totals }: { totals: Totals | null }) {
  if (totals === null) return <>No token has a score.</>;
  return (
    <>
      {totals.scored} scored token{totals.scored === 1 ? "" : "s"}
      {describeTotals(totals).map(({ text, term }) => (
        <Fragment key={term}>
          {" · "}
          <Explained term={term}>
            <Written text={text} />
          </Explained>
        </Fragment>
      ))}
    </>
  );
}

export function TextWorth({ scores }: { scores: TextScores | null }) {
  return (
    <section aria-labelledby="worth-label">
      <h3 id="worth-label">The whole text</h3>
      {scores === null ? <p class="note">The scores of the text appear here.</p> : (
        <>
          <p class="study-total">
            <Worth totals={totalsOf(scores.tokens)} />
          </p>
          {scores.prompt < scores.tokens.length && (
            <p class="note">
              Completion: <Worth totals={totalsOf(scores.tokens.slice(scores.prompt))} />
            </p>
          )}
          <Curve tokens={scores.tokens} />
        </>
      )}
    </section>
  );
}
