// The logit lens: rank and probability of A and B layer by layer, as pictures and as a table.
import { LENS, type LensPicture, type LensView } from "../../lib/explorer/attribution/lens_view.ts";
import { TokenText } from "../TokenText.tsx";

function Picture({ picture }: { picture: LensPicture }) {
  return (
    <figure class="attr-curves">
      <figcaption class="note">{picture.name}</figcaption>
      <svg viewBox={`0 0 ${LENS.width} ${LENS.height + 14}`} aria-hidden="true">
        <line class="attr-axis" x1="0" x2={LENS.width} y1={LENS.height - 1} y2={LENS.height - 1} />
        {picture.lines.map(({ side, points }) => (
          <polyline key={side} class={side === "a" ? "attr-most" : "attr-least"} points={points} />
        ))}
        <text class="attr-tick" x="2" y="11">{picture.top}</text>
        <text class="attr-tick" x={LENS.width} y={LENS.height + 11} text-anchor="end">{picture.bottom}</text>
      </svg>
    </figure>
  );
}

function Table({ view }: { view: LensView }) {
  const sides = view.hasRival ? ["A", "B"] : ["A"];
  return (
    <div class="attr-scroll attr-lens" tabIndex={0} role="group" aria-label="After every layer">
      <table class="attr-table">
        <thead>
          <tr>
            <th scope="col">After layer</th>
            <th scope="col">First</th>
            <th scope="col" class="num">Probability</th>
            {sides.map((side) => <th key={side} scope="col" class="num">Rank of {side}</th>)}
            {sides.map((side) => <th key={side} scope="col" class="num">Probability of {side}</th>)}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr key={row.layer}>
              <th scope="row">{row.layer}</th>
              <td class="t">
                <TokenText rendering={row.best} />
              </td>
              <td class="num">{row.bestShare}</td>
              {row.ranks.map(({ rank }, at) => <td key={at} class="num">{rank}</td>)}
              {row.ranks.map(({ share }, at) => <td key={at} class="num">{share}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Lens({ view }: { view: LensView }) {
  return (
    <section class="wide" aria-labelledby="attr-lens">
      <h3 class="h" id="attr-lens">Layer by layer</h3>
      <p class="note">{view.sentence}</p>
      <div class="attr-multiples">
        {view.pictures.map((picture) => <Picture key={picture.name} picture={picture} />)}
      </div>
      <p class="key">
        <span>
          <i class="attr-line most" aria-hidden="true" />A
        </span>
        {view.hasRival && (
          <span>
            <i class="attr-line least" aria-hidden="true" />B
          </span>
        )}
        <span>from before the first layer to the last</span>
      </p>
      <Table view={view} />
    </section>
  );
}
