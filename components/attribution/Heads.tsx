// Where each head of each layer looks; a press shows one head's row on the text.
import { headGridOf } from "../../lib/explorer/attribution/grid_view.ts";
import type { Computed } from "../../lib/explorer/attribution/run.ts";
import type { AttributionStore } from "../../lib/explorer/attribution/store.ts";
import { LayerGrid } from "./LayerGrid.tsx";

interface HeadsProps {
  readonly attribution: AttributionStore;
  readonly answer: Computed;
}

export function Heads({ attribution, answer: { result, query } }: HeadsProps) {
  return (
    <section class="wide" aria-labelledby="attr-heads">
      <h3 class="h" id="attr-heads">Every head</h3>
      <p class="note">
        Layers from above, heads from the left. The darker, the more of its attention a head gives to one
        token. Press a head to see its row on the text.
      </p>
      <LayerGrid
        label="Heads by layer"
        view={headGridOf(result, query.choice)}
        onPick={({ layer, head }) => {
          attribution.choose({ layer, head });
          attribution.explain();
        }}
      />
    </section>
  );
}
