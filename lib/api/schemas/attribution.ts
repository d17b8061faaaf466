// Answers of POST /api/attribution, for the OpenAPI document and for tests.
import { z } from "zod";
import type {
  AttributionEstimated,
  AttributionOff,
  AttributionResult,
  Faithfulness,
  MethodComparison,
  PartName,
} from "../../wire/attribution.ts";
import { METHOD_NAMES, OCCLUSION_KINDS, QUANTITIES, scoresTokens } from "../../wire/attribution_methods.ts";
import { count, identity, probability, token } from "./token.ts";

export const partName = z.object({
  kind: z.enum(["embedding", "head", "attention_bias", "mlp"]),
  layer: count.nullable().default(null).describe("null for the embedding."),
  head: count.nullable().default(null).describe("null for all but heads."),
}) satisfies z.ZodType<PartName>;

const scores = z.array(z.number());
const ms = z.number().min(0);

const faithfulness = z.object({
  score: z.number().describe("Nats between the curves; 0 is chance."),
  deletion: z.number(),
  insertion: z.number(),
  chance: z.number().min(0).describe("Standard deviation of a random order's score."),
  verdict: z.enum(["faithful", "unclear", "misleading"]),
  explanation: z.string(),
  curves: z.object({
    counts: z.array(count).describe("Removed tokens."),
    base: z.number().describe("Log-probability of the target, nothing removed."),
    most_first: scores,
    least_first: scores,
    random: z.array(scores),
  }),
}) satisfies z.ZodType<Faithfulness>;

const comparison = z.object({
  methods: z.array(faithfulness.extend({
    method: z.enum(METHOD_NAMES.filter(scoresTokens)),
    label: z.string(),
    options: z.object({
      occlusion: z.enum(OCCLUSION_KINDS).exactOptional(),
      layer: z.int().nullable().exactOptional(),
      signed: z.boolean().exactOptional(),
      steps: z.int().exactOptional(),
    }).describe("Fields of the request that give these scores."),
    attributions: scores,
    ms,
  })).describe("Best first."),
  agreement: z.array(z.array(z.number().nullable())).describe("Rank correlations, in the order of methods."),
  left_out: z.array(z.object({ label: z.string(), reason: z.string() })),
}) satisfies z.ZodType<MethodComparison>;

const weighed = z.object({ logit: z.number(), prob: probability });
const lensToken = token.extend({ logit: z.number(), prob: probability, rank: count });

export const attributionOff = z.object({
  ok: z.literal(true),
  attributions: z.tuple([]).meta({ type: "array", maxItems: 0, prefixItems: undefined, items: undefined }),
  source_len: z.literal(0),
}) satisfies z.ZodType<AttributionOff>;

export const estimated = attributionOff.extend({
  estimate: z.object({
    ms,
    opening_ms: ms,
    bytes: count,
    free_bytes: count.nullable(),
    cached: z.boolean(),
  }),
}) satisfies z.ZodType<AttributionEstimated>;

const aboutParts = {
  parts: z.array(z.object({ ...partName.shape, value: z.number() })).nullable(),
  constant: z.number().nullable(),
  total: z.number().nullable().describe("The logit, or difference, that parts and constant add up to."),
  unexplained: z.number().nullable(),
  removal: z.object({
    removed: z.array(partName),
    tokens: z.array(token.extend({ before: weighed, predicted: weighed, after: weighed })),
  }).nullable(),
  lens: z.array(z.object({ layer: count, top: z.array(lensToken), tokens: z.array(lensToken) })).nullable(),
};

const aboutTrust = {
  faithfulness: faithfulness.nullable(),
  comparison: comparison.nullable(),
  completeness_delta: z.number().nullable().describe("Sum of the signed scores - (F(text) - F(baseline))."),
  completeness_error: z.number().min(0).nullable().describe("Its size as a share of that difference."),
  trusted: z.boolean().nullable().describe("That share is at most 5 %."),
  evaluations: count.nullable().describe("Gradients that were computed."),
};

export const attributionResult = z.object({
  ok: z.literal(true),
  ...identity,
  attributions: scores.describe("One per context token id; empty for what scores no tokens."),
  source_len: count,
  context_len: count,
  target_id: count,
  model_id: z.string(),
  method: z.enum(METHOD_NAMES).exclude(["off"]),
  tokens: z.array(token),
  target: token,
  contrast: token.nullable(),
  span_attributions: scores.describe("Of the span's own tokens but the last."),
  signed: z.boolean(),
  normalized: z.boolean(),
  scale: z.number().describe("Scores times this are the scores before they were normalised."),
  quantity: z.enum(QUANTITIES).nullable(),
  value: z.number().nullable().describe("Of the quantity, on this text."),
  segments: z.array(z.object({ from: count, to: count, text: z.string(), score: z.number() })),
  heads: z.array(z.array(scores)).nullable().describe("[layer][head][token]"),
  ...aboutParts,
  ...aboutTrust,
  warnings: z.array(z.string()),
  cached: z.boolean(),
  timing_ms: ms,
}) satisfies z.ZodType<AttributionResult>;
