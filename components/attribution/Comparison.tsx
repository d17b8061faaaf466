// Which method is most faithful on this text: all of them on the same removals, best first.
import type { ComparedMethod, MethodComparison } from "../../lib/wire/attribution.ts";
import type { Choice } from "../../lib/explorer/attribution/methods.ts";
import type { AttributionStore } from "../../lib/explorer/attribution/store.ts";
import { choiceOf } from "../../lib/explorer/attribution/compared.ts";
import { formatDuration, wordOfVerdict } from "../../lib/explorer/attribution/trust_view.ts";
import { Agreement } from "./Agreement.tsx";
import { ActionButton } from "../ActionButton.tsx";
import { ShareBar } from "./Contributors.tsx";
import { Explained } from "../Explained.tsx";
import { formatAmount } from "../../lib/basics/number_text.ts";

interface ComparisonProps {
  readonly attribution: AttributionStore;
  /** Null until it was asked for. */
  readonly comparison: MethodComparison | null;
  readonly onUse: (change: Partial<Choice>) => void;
}

function Row(
  { method, most, onUse }: { method: ComparedMethod; most: number; onUse: ComparisonProps["onUse"] },
) {
  const choice = choiceOf(method);
  return (
    <tr>
      <th scope="row">{method.label}</th>
      <td>
        <ShareBar share={most === 0 ? 0 : method.score / most} signed />
      </td>
      <td class="num">{formatAmount(method.score)}</td>
      <td class="num">{formatAmount(method.chance)}</td>
      <td>{wordOfVerdict(method.verdict)}</td>
      <td class="num">{formatDuration(method.ms)}</td>
      <td>
        <ActionButton
          class="btn sm"
          label={`Use ${method.label}`}
          onPress={() => onUse(choice)}
        >
          Use
        </ActionButton>
      </td>
    </tr>
  );
}

function Table({ comparison, onUse }: { comparison: MethodComparison; onUse: ComparisonProps["onUse"] }) {
  const most = Math.max(...comparison.methods.map(({ score }) => Math.abs(score)));
  return (
    <div class="attr-scroll" tabIndex={0} role="group" aria-label="Methods, most faithful first">
      <table class="attr-table">
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Faithfulness</th>
            <th scope="col" class="num">
              <Explained term="faithfulness">Gap, nats</Explained>
            </th>
            <th scope="col" class="num">
              <Explained term="chance">Chance ±</Explained>
            </th>
            <th scope="col">Verdict</th>
            <th scope="col" class="num">Time</th>
            <th scope="col">
              <span class="sr">Use</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {comparison.methods.map((method) => (
            <Row key={method.label} method={method} most={most} onUse={onUse} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Comparison({ attribution, comparison, onUse }: ComparisonProps) {
  const running = attribution.running.value;
  const busy = running !== null && !running.passing;
  return (
    <section class="attr-compare" aria-labelledby="attr-compare">
      <div class="bar wrap">
        <h3 class="h" id="attr-compare">Which method is most faithful here?</h3>
        <span class="grow" />
        <ActionButton class="btn sm" enabled={!busy && comparison === null} onPress={attribution.compare}>
          Compare all methods
        </ActionButton>
      </div>
      {comparison === null
        ? (
          <p class="note">
            Every method is measured on this text: the more the right tokens matter, the higher.
          </p>
        )
        : <Table comparison={comparison} onUse={onUse} />}
      {comparison !== null && comparison.methods.length > 1 && <Agreement comparison={comparison} />}
      {comparison?.left_out.map(({ label, reason }) => (
        <p key={label} class="note">{label} is left out: {reason}</p>
      ))}
    </section>
  );
}
