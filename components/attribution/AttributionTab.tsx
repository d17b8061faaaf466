// The tab "Attribution": which token of the text, or which part of the model, made this output.
import { useEffect } from "preact/hooks";
import { methodRow } from "../../lib/wire/attribution_methods.ts";
import { progressText } from "../../lib/explorer/attribution/trust_view.ts";
import { estimateText, formatDuration } from "../../lib/explorer/attribution/trust_view.ts";
import { ActionButton } from "../ActionButton.tsx";
import type { PanelProps } from "../more/panel_props.ts";
import { Answer } from "./Answer.tsx";
import { Comparison } from "./Comparison.tsx";
import { Controls } from "./Controls.tsx";
import { Options } from "./Options.tsx";

/** What is going on: the progress with its Cancel, else why there is no answer, else what it would cost. */
function State({ stores: { attribution } }: PanelProps) {
  const { running, problem, estimate, stale, choice } = attribution;
  const now = running.value;
  if (now !== null && !now.passing) {
    const label = methodRow(now.query.comparison ? "comparison" : now.query.choice.method).label;
    const { progress } = now;
    return (
      <div class="attr-run">
        <p>
          <span>{progressText(label, progress)}</span>
          {progress !== null && <span class="note">about {formatDuration(progress.left_ms)} left</span>}
        </p>
        <progress
          aria-label={label}
          max={progress === null ? undefined : Math.max(1, progress.total)}
          value={progress === null ? undefined : progress.done}
        />
        <ActionButton class="btn sm" onPress={attribution.cancel}>Cancel</ActionButton>
      </div>
    );
  }
  if (problem.value !== null) return <p class="attr-problem" role="alert">{problem.value}</p>;
  const cost = estimate.value === null ? "" : estimateText(estimate.value);
  const old = stale.value ? "The text or the choice has changed. Explain again. " : "";
  if (choice.value.method === "off") return <p class="note">Attribution is off.</p>;
  return cost === "" && old === "" ? null : <p class="note" role="status">{old}{cost}</p>;
}

export function AttributionTab(props: PanelProps) {
  const { session, actions } = props;
  const { attribution } = props.stores;
  const answer = attribution.answer.value;
  const comparison = attribution.comparison.value;
  const { choice, subject } = attribution;
  useEffect(() => attribution.weigh(), [choice.value, subject.value?.place, subject.value?.id, answer]);
  const show = () => actions.display({ heat: "attribution" });
  return (
    <div class="attr">
      <Controls
        attribution={attribution}
        session={session}
        onExplain={() => {
          show();
          attribution.explain();
        }}
      />
      <Options attribution={attribution} subject={subject.value} />
      <State {...props} />
      {answer !== null && <Answer attribution={attribution} answer={answer} />}
      {subject.value !== null && choice.value.method !== "off" && (
        <Comparison
          attribution={attribution}
          comparison={comparison?.result.comparison ?? null}
          onUse={(change) => {
            show();
            attribution.choose(change);
            attribution.explain();
          }}
        />
      )}
    </div>
  );
}
