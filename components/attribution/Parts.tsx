// Direct logit attribution: what each part of the model writes towards the logit, and what really happens without it.
import type { PartName, RemovalResult } from "../../lib/wire/attribution.ts";
import {
  listStrongestParts,
  partGridOf,
  partNameOf,
  sumText,
} from "../../lib/explorer/attribution/grid_view.ts";
import type { Computed } from "../../lib/explorer/attribution/run.ts";
import type { AttributionStore } from "../../lib/explorer/attribution/store.ts";
import { renderToken } from "../../lib/explorer/words/appearance.ts";
import { formatPercent } from "../../lib/explorer/words/format.ts";
import { TokenText } from "../TokenText.tsx";
import { Contributors } from "./Contributors.tsx";
import { LayerGrid } from "./LayerGrid.tsx";

const SHOWN = 8; // tokens

/** The first tokens: before, as the split predicts, and as it is. */
function Removal({ removal }: { removal: RemovalResult }) {
  const names = removal.removed.map(partNameOf).join(", ");
  return (
    <section aria-labelledby="attr-removed">
      <h3 class="h" id="attr-removed">Without {names}</h3>
      <p class="note">
        Predicted: its share is taken off the logits. Real: it writes zeros at the last position, everything
        behind it is computed anew.
      </p>
      <table class="attr-table">
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col" class="num">Before</th>
            <th scope="col" class="num">Predicted</th>
            <th scope="col" class="num">Real</th>
          </tr>
        </thead>
        <tbody>
          {removal.tokens.slice(0, SHOWN).map((token) => (
            <tr key={token.id}>
              <th scope="row" class="t">
                <TokenText rendering={renderToken(token)} />
              </th>
              <td class="num">{formatPercent(token.before.prob)} %</td>
              <td class="num">{formatPercent(token.predicted.prob)} %</td>
              <td class="num">{formatPercent(token.after.prob)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface PartsProps {
  readonly attribution: AttributionStore;
  readonly answer: Computed;
}

export function Parts({ attribution, answer: { result } }: PartsProps) {
  const removal = attribution.removal.value?.result.removal ?? null;
  const removed: PartName | null = removal?.removed[0] ?? null;
  const parts = result.parts!;
  return (
    <>
      <section aria-labelledby="attr-parts">
        <h3 class="h" id="attr-parts">What each part writes</h3>
        <p class="note">{sumText(result)} Press a part to take it away.</p>
        <LayerGrid
          label="Parts of the model by layer"
          view={partGridOf(parts, removed)}
          onPick={attribution.remove}
        />
      </section>
      <div class="attr-column">
        <Contributors
          title="Strongest parts"
          rows={listStrongestParts(parts)}
          signed
          rival={result.contrast !== null}
        />
        {removal !== null && <Removal removal={removal} />}
      </div>
    </>
  );
}
