// Answers of POST /api/attribution made up for tests of the page.
import type { AttributionResult, Faithfulness } from "../../../lib/wire/attribution.ts";
import { pill } from "../builders.ts";

/** A measured score; the curves fall as the name says. */
export const FAITHFUL: Faithfulness = {
  score: 1.24,
  deletion: 0.8,
  insertion: 0.44,
  chance: 0.31,
  verdict: "faithful",
  explanation: "Removing the highest-scored tokens lowers the target's log-probability by 1.24 more.",
  curves: {
    counts: [1, 2, 3],
    base: -0.5,
    most_first: [-1.5, -2.2, -3],
    least_first: [-0.6, -0.7, -1.2],
    random: [[-0.9, -1.2, -1.9], [-0.8, -1.6, -2.1]],
  },
};

/** An answer over a context of the ids 0, 1, 2, … with these scores. */
export function attributionAnswer(
  attributions: readonly number[],
  more: Partial<AttributionResult> = {},
): AttributionResult {
  return {
    ok: true,
    attributions,
    source_len: attributions.length,
    context_len: attributions.length,
    target_id: 5,
    model_id: "fake",
    model_key: "fake",
    tokenizer_key: "fake",
    method: "occlusion",
    tokens: attributions.map((_, id) => pill(id)),
    target: pill(5),
    contrast: null,
    span_attributions: [],
    signed: attributions.some((score) => score < 0),
    normalized: false,
    scale: 1,
    quantity: "logprob",
    value: -0.5,
    segments: [],
    heads: null,
    parts: null,
    constant: null,
    total: null,
    unexplained: null,
    removal: null,
    lens: null,
    faithfulness: null,
    comparison: null,
    completeness_delta: null,
    completeness_error: null,
    trusted: null,
    evaluations: null,
    warnings: [],
    cached: false,
    timing_ms: 3,
    ...more,
  };
}
