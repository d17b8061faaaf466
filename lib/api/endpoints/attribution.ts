// POST /api/attribution: which input token made this output, or which part of the model.
import { z } from "zod";
import type { AttributionAnswer, AttributionInput } from "../../wire/attribution.ts";
import {
  explainsSpans,
  METHOD_NAMES,
  OCCLUSION_KINDS,
  QUANTITIES,
  SEGMENT_UNITS,
} from "../../wire/attribution_methods.ts";
import { checkOwnFields, ownFieldRules } from "../schemas/attribution_fields.ts";
import { attributionOff, attributionResult, estimated, partName } from "../schemas/attribution.ts";
import { listOf } from "../schemas/list.ts";
import { jobEndpoint, type Json } from "../schemas/operation.ts";
import { allowValue, contextRules, requireAbsent, requireValue, SOME } from "../schemas/rules.ts";
import { modelKey, tokenId } from "../schemas/values.ts";
import { contextFields } from "./preview.ts";

const MOST_STEPS = 400;
const MOST_PARTS = 4096;
const MOST_FOLLOWED = 256;

/** As the published app reads it: in any case, and nothing is "off". */
const method = z.string()
  .overwrite((value) => value.trim().toLowerCase() || "off")
  .pipe(z.enum(METHOD_NAMES))
  .meta({ enum: METHOD_NAMES });

/** A part as an answer names it, its value too. */
const removedPart = z.strictObject({ ...partName.shape, value: z.number().optional().describe("Not read.") })
  .transform(({ kind, layer, head }) => ({ kind, layer, head }));

const oneToken = tokenId.nullable().default(null);

/** A token's index, and completions that have it: JSON Schema relates two numbers case by case alone. The first are
 * said one by one, the others in steps that are twice as long; each case here is a thousand for a generator of
 * requests. */
const SAID: readonly { readonly from: number; readonly to: number }[] = [
  ...[0, 1, 2, 3].map((at) => ({ from: at, to: at })),
  ...[4, 8].map((from) => ({ from, to: 2 * from - 1 })),
];
const OWN_RULES = ownFieldRules(METHOD_NAMES.filter((one) => one !== "off"));

/** What a span of several tokens can be explained by. One of a single token can by all. */
const OF_SPANS: readonly Json[] = [
  requireValue("method", { enum: METHOD_NAMES.filter(explainsSpans) }),
  allowValue("faithfulness", { const: false }),
  requireAbsent("contrast_token_id"),
  allowValue("quantity", { enum: ["prob", "logprob", null] }),
];
const spanFrom = (items: readonly Json[], completed: number) => [
  requireValue("target_span", { prefixItems: items }),
  requireValue("completion_ids", { type: "array", minItems: completed }),
];

/** A token to explain: one that is named, or one of the completion; a span lies within it. */
const TARGET_RULES: readonly Json[] = [
  {
    anyOf: [
      {
        allOf: [
          requireValue("target_token_id", { type: "integer" }),
          requireAbsent("target_span"),
        ],
      },
      {
        allOf: [
          requireAbsent("target_token_id"),
          requireValue("target_span", { type: "array" }),
        ],
      },
      {
        allOf: [requireAbsent("target_span"), {
          anyOf: [
            { allOf: [allowValue("target_index", { maximum: 0 }), requireValue("completion_ids", SOME)] },
            ...SAID.map(({ to }) => ({
              allOf: [
                requireValue("target_index", { maximum: to }),
                requireValue("completion_ids", { type: "array", minItems: to + 1 }),
              ],
            })),
          ],
        }],
      },
    ],
  },
  {
    anyOf: [
      requireAbsent("target_span"),
      ...SAID.filter(({ from, to }) => from === to).map(({ from }) => ({
        allOf: spanFrom([{ const: from }, { const: from + 1 }], from + 1),
      })),
      ...SAID.map(({ from, to }) => ({
        allOf: [
          ...spanFrom([{ maximum: from }, { minimum: from + 1, maximum: to + 1 }], to + 1),
          ...OF_SPANS,
        ],
      })),
    ],
  },
];

/** What of the completion is read before the target: nothing where it is the first token. */
const BEFORE_TARGET: Json = {
  allOf: [requireValue("completion_ids", SOME), {
    anyOf: [
      { allOf: [requireAbsent("target_span"), requireValue("target_index", { minimum: 1 })] },
      requireValue("target_span", { type: "array", prefixItems: [{ minimum: 1 }] }),
    ],
  }],
};

/** Scores are added up over messages where the chat template wrote the context. */
const MESSAGES_RULE: Json = {
  not: {
    allOf: [requireValue("segments", { const: "message" }), {
      anyOf: [
        requireValue("prompt_ids", { type: "array" }),
        requireValue("use_chat_template", { const: false }),
      ],
    }],
  },
};

export const attributionRequest = z.strictObject({
  model_key: modelKey,
  ...contextFields,
  method: method.prefault("off").describe(
    "comparison: all that score tokens, the most faithful first. A field that a method does not read is refused " +
      "(steps, baseline and occlusion are not).",
  ),
  target_index: z.int().default(0).describe("The completion token to explain."),
  target_token_id: oneToken.describe("Explain this token in its place: any candidate."),
  target_span: z.tuple([z.int().min(0), z.int().min(0)]).nullable().default(null).describe(
    "Completion tokens [from, to) to explain together: the sum of their log-probabilities. Several can be by what " +
      "scores tokens but attention_rollout; not with a contrast, a logit or faithfulness, which are of one token.",
  ),
  contrast_token_id: oneToken.describe("Explain logit(target) - logit(this): why the one and not the other."),
  quantity: z.enum(QUANTITIES).nullable().default(null).describe(
    "What is explained. null: prob for gradients of one token, else logprob; logit with a contrast.",
  ),
  signed: z.boolean().default(false).describe("Gradients: dot products with a sign, not lengths."),
  normalize: z.boolean().nullable().default(null).describe(
    "Divide by the sum of sizes. null: for attention and unsigned gradients.",
  ),
  steps: z.union([z.int().min(1).max(MOST_STEPS), z.enum(["converging"])]).default(50).describe(
    "Integrated gradients: Gauss-Legendre points, or as many as it takes for an error of 5 %.",
  ),
  baseline: z.union([z.enum(["unk", "zero"]), tokenId]).default("unk").describe(
    "Integrated gradients: the unknown token's embedding (end-of-text tokens stay), zeros, or a token's.",
  ),
  occlusion: z.enum(OCCLUSION_KINDS).default("zero_embedding"),
  layer: z.int().min(-1).nullable().default(null).describe("Attention of one layer; -1: the last."),
  head: z.int().min(0).nullable().default(null).describe("Attention of one head of that layer."),
  heads: z.boolean().default(false).describe("Attention: all rows besides."),
  remove: listOf(removedPart, { max: MOST_PARTS, sentence: `Remove at most ${MOST_PARTS} parts.` }).prefault(
    [],
  )
    .describe("direct_logit: remove these parts and see what really happens."),
  everywhere: z.boolean().default(false).describe("Remove them at every position, not at the last alone."),
  follow: listOf(tokenId, { max: MOST_FOLLOWED, sentence: `Follow at most ${MOST_FOLLOWED} tokens.` })
    .prefault([])
    .describe("logit_lens: further tokens to follow."),
  segments: z.enum(SEGMENT_UNITS).default("token").describe(
    "Add the scores up over these besides; over messages where the chat template wrote the context.",
  ),
  faithfulness: z.boolean().default(false).describe("Measure the scores against random orders."),
  estimate: z.boolean().default(false).describe("Say what it would cost, and compute nothing."),
  stream: z.boolean().default(false).describe("Answer as server-sent events."),
}).superRefine(checkOwnFields).meta({
  anyOf: [
    allowValue("method", { const: "off" }),
    { allOf: [...contextRules(BEFORE_TARGET), ...TARGET_RULES, OWN_RULES, MESSAGES_RULE] },
  ],
}) satisfies z.ZodType<
  AttributionInput
>;

export const attributionAnswer = z.union([attributionResult, estimated, attributionOff]) satisfies z.ZodType<
  AttributionAnswer
>;

export const attributionEndpoint = jobEndpoint({
  path: "/api/attribution",
  id: "attribution",
  summary: "What made this output: a score for each token of the context, or the parts of the model.",
  request: attributionRequest,
  result: attributionAnswer,
  events:
    "With stream, or Accept: text/event-stream: events `progress` {done, total, phase, left_ms}, then one " +
    "`result`, or `error`.",
});
