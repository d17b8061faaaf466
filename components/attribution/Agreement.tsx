// How far the methods agree on this text: rank correlations of their scores, each method with each.
import type { MethodComparison } from "../../lib/wire/attribution.ts";
import { agreementView } from "../../lib/explorer/attribution/agreement_view.ts";
import { heatClass } from "../../lib/explorer/words/heat.ts";
import { Explained } from "../Explained.tsx";

export function Agreement({ comparison }: { readonly comparison: MethodComparison }) {
  const rows = agreementView(comparison);
  return (
    <section aria-labelledby="attr-agreement">
      <h3 class="h" id="attr-agreement">Do the methods agree?</h3>
      <p class="note">
        <Explained term="kendall">
          1: the same order of tokens, 0: no relation, −1: the opposite order.
        </Explained>
      </p>
      <div class="attr-scroll" tabIndex={0} role="group" aria-labelledby="attr-agreement">
        <table class="attr-table attr-agreement">
          <thead>
            <tr>
              <th scope="col">Method</th>
              {rows.map(({ name }, at) => (
                <th key={name} scope="col" class="num" aria-label={name}>{at + 1}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, cells }, at) => (
              <tr key={name}>
                <th scope="row">{at + 1}. {name}</th>
                {cells.map(({ heat, text }, column) => (
                  <td key={column} class={`num ${heatClass(heat)}`}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
