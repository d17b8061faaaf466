// How far a picture can be trusted, in words and numbers: what was measured on this text.
import type { AttributionEstimate, AttributionProgress, AttributionResult } from "../../wire/attribution.ts";
import { methodRow } from "../../wire/attribution_methods.ts";
import { formatBytes, formatPercent } from "../words/format.ts";
import { formatAmount, formatDecimal } from "../../basics/number_text.ts";

export interface TrustView {
  /** Null where nothing was measured. */
  readonly score: string | null;
  readonly verdict: "faithful" | "unclear" | "misleading" | null;
  readonly sentences: readonly string[];
  /** What speaks against the picture. */
  readonly warnings: readonly string[];
}

const VERDICTS = { faithful: "Faithful", unclear: "Unclear", misleading: "Misleading" } as const;

const NOT_MEASURED =
  "How far to trust it is measured by Explain, for one token that has two or more before it.";

/** "1.24 nats · Faithful" and why. */
export function trustView(result: AttributionResult): TrustView {
  const { faithfulness, warnings, method } = result;
  const { warning: known } = methodRow(method); // it stands beside the choice of the method
  return {
    score: faithfulness === null ? null : `${formatAmount(faithfulness.score)} nats`,
    verdict: faithfulness?.verdict ?? null,
    sentences: [
      ...faithfulness !== null
        ? [faithfulness.explanation]
        : result.attributions.length > 0
        ? [NOT_MEASURED]
        : [],
      ...describeCompleteness(result),
      "Attribution shows influence, not reasons.",
    ],
    warnings: [...warnings.filter((one) => one !== known), ...distrust(result)],
  };
}

/** A verdict of faithfulness as the page says it. */
export function wordOfVerdict(verdict: keyof typeof VERDICTS): string {
  return VERDICTS[verdict];
}

function describeCompleteness(
  { completeness_delta: delta, completeness_error: error, evaluations }: AttributionResult,
) {
  if (delta === null) return [];
  const share = error === null ? "" : `, ${formatPercent(error)} % of the change from the baseline`;
  const gradients = evaluations === null ? "" : ` after ${evaluations} gradients`;
  return [
    `The signed scores miss the change that they explain by ${formatAmount(delta)}${share}${gradients}.`,
  ];
}

function distrust({ trusted }: AttributionResult): string[] {
  if (trusted !== false) return [];
  return [
    "Do not trust this picture: the integral did not converge to within 5 %. Choose converging steps, or another method.",
  ];
}

/** "Measuring how far it can be trusted: 30 %". */
export function progressText(label: string, progress: AttributionProgress | null): string {
  if (progress === null) return `${label}: waiting…`;
  const { phase, done, total } = progress;
  const doing = {
    opening: "Opening the model for attribution",
    computing: label,
    measuring: "Measuring how far it can be trusted",
  }[phase];
  return total > 0 ? `${doing}: ${Math.floor((100 * done) / total)} %` : doing;
}

/** "4 s"; whole seconds from 1 s. */
export function formatDuration(ms: number): string {
  return ms < 1000
    ? `${formatDecimal(ms / 1000, 1)} s`
    : ms < 90_000
    ? `${Math.round(ms / 1000)} s`
    : `${Math.round(ms / 60_000)} min`;
}

/** "Takes about 4 s and 390 MB." */
export function estimateText({ ms, opening_ms: opening, bytes, cached }: AttributionEstimate): string {
  if (cached) return "Known already: takes no time.";
  const first = opening > 0 ? `, of which ${formatDuration(opening)} once to open the model for it` : "";
  return `Takes about ${formatDuration(ms)}${first}, and ${formatBytes(bytes)} of memory.`;
}
