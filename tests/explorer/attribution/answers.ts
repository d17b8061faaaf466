// Answers of POST /api/attribution made up for tests of the page.
import type {
  AttributionResult,
  Faithfulness,
  LensLayer,
  PartValue,
  RemovalResult,
} from "../../../lib/wire/attribution.ts";
import { token } from "../builders.ts";

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
    tokens: attributions.map((_, id) => token(id)),
    target: token(5),
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

/** Two layers of two heads and an MLP, behind the embedding. */
export const PARTS: readonly PartValue[] = [
  { kind: "embedding", layer: null, head: null, value: 0.5 },
  { kind: "head", layer: 0, head: 0, value: 1 },
  { kind: "head", layer: 0, head: 1, value: -2 },
  { kind: "mlp", layer: 0, head: null, value: 0.25 },
  { kind: "head", layer: 1, head: 0, value: 0 },
  { kind: "head", layer: 1, head: 1, value: 0.25 },
  { kind: "mlp", layer: 1, head: null, value: 4 },
];

/** Two layers of two heads over two tokens. */
export const HEADS = [[[0.1, 0.9], [0.5, 0.5]], [[0.8, 0.2], [0.3, 0.7]]];

const lensToken = (id: number, rank: number, prob: number) => ({ ...token(id), rank, prob, logit: 1 });

/** The target and a rival, before the first layer and after two. */
export const LENS: readonly LensLayer[] = [
  { layer: 0, top: [lensToken(9, 0, 0.2)], tokens: [lensToken(5, 200, 0.001), lensToken(6, 40, 0.01)] },
  { layer: 1, top: [lensToken(8, 0, 0.4)], tokens: [lensToken(5, 3, 0.1), lensToken(6, 1, 0.2)] },
  { layer: 2, top: [lensToken(5, 0, 0.7)], tokens: [lensToken(5, 0, 0.7), lensToken(6, 1, 0.2)] },
];

/** What removing the last MLP does to two tokens. */
export const REMOVAL: RemovalResult = {
  removed: [{ kind: "mlp", layer: 1, head: null }],
  tokens: [5, 6].map((id) => ({
    ...token(id),
    before: { logit: 4, prob: 0.7 },
    predicted: { logit: 0, prob: 0.1 },
    after: { logit: 1, prob: 0.3 },
  })),
};
