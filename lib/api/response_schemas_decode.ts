// What /api/preview, /api/step, /api/generate, /api/vocabulary and /api/tokenize answer, as schemas. They are held
// to the types of lib/wire by the compiler.
import { z } from "zod";
import { identity, pill, timing } from "./response_schemas.ts";
import { STAGE_NAMES } from "./schemas_params.ts";
import type { DistResult, DistToken } from "../wire/distribution.ts";
import type { GenerateResult, GenerateSummary } from "../wire/generate.ts";
import type { ModelFacts, TokenizeResult } from "../wire/token.ts";
import type { PreviewResult } from "../wire/preview.ts";
import type { StepResult } from "../wire/step.ts";
import type { VocabularyResult } from "../wire/vocabulary.ts";

const count = z.int().min(0);
const probability = z.number().min(0).max(1 + 1e-9).describe("Unrounded.");
const bits = z.number().min(0);
const stageName = z.enum([...STAGE_NAMES, "greedy"]);

const modelFacts = z.object({
  ...identity,
  model_id: z.string(),
  device: z.string(),
  dtype: z.string(),
  has_chat_template: z.boolean(),
  eos_token_id: count.nullable(),
  vocab_size: count,
  context_length: count,
}) satisfies z.ZodType<ModelFacts>;

const scoredPill = pill.extend({
  p: probability.nullable().exactOptional().describe("With prompt_scores; null for the first token."),
  logprob: z.number().max(0).nullable().exactOptional(),
  rank: count.nullable().exactOptional().describe("0 is the most probable."),
  surprisal_bits: bits.nullable().exactOptional(),
  entropy_bits: bits.nullable().exactOptional().describe("Of the distribution the token came from."),
});

const distToken = pill.extend({
  p_base: probability.describe("After penalties and temperature, before anything is removed."),
  p_final: probability.describe("After all stages."),
  p_raw: probability.describe("Softmax of the logits as the model gave them."),
  kept: z.boolean(),
  valid: z.boolean().describe("The constraint allows it."),
  rank: count.describe("Place in the order of p_base."),
  logit: z.number().nullable().describe("null is minus infinity."),
  removed_by: stageName.nullable(),
  stages: z.array(probability.nullable()).describe("With stages: p after each active stage; null: removed."),
  restore: z.object({ param: z.string(), value: z.union([z.number(), z.boolean()]) }).nullable()
    .describe("With stages: the smallest change of one setting that brings a removed token back."),
}) satisfies z.ZodType<DistToken>;

const dist = z.object({
  top_k: count,
  tokens: z.array(distToken),
  kept_top: z.array(pill.extend({ p_final: probability }))
    .describe("The best kept tokens, where none of tokens is kept."),
  other_p_base: probability,
  other_p_final: probability,
  other_p_raw: probability,
  kept_token_count: count,
  constraint_active: z.boolean(),
  constraint_type: z.enum(["multiple_choice", "regex", "cfg", "json_schema"]).nullable(),
  entropy_bits: bits.describe("Of the model's own distribution."),
  entropy_final_bits: bits,
  effective_choices: z.number().min(1).describe("2 to the power of entropy_final_bits."),
  mass_90_count: count,
  eos_p: probability,
  stages: z.array(z.object({
    name: stageName,
    kept: count,
    removed: count,
    removed_mass: probability,
    entropy_bits: bits,
  })).describe("The active stages, in order."),
  masked_mass: probability,
}) satisfies z.ZodType<DistResult>;

export const previewResult = z.object({
  model: modelFacts,
  prompt_tokens: z.array(scoredPill),
  completion_tokens: z.array(scoredPill),
  context_token_count: count,
  dist,
  template_text: z.string().nullable().describe("What the chat template wrote."),
  warnings: z.array(z.string()),
  mirostat_mu: z.number().nullable(),
  timing,
}) satisfies z.ZodType<PreviewResult>;

const stopReasons = ["eos_token", "stop_sequence", "context_full", "constraint_end"] as const;

const draw = z.object({
  seed: z.int().nullable(),
  position: count.describe("Ids before the drawn token."),
  u: z.number().min(0).lt(1),
});

export const stepResult = z.object({
  model: modelFacts,
  dist: dist.describe("What the first appended token came from."),
  selected: pill.extend({ p_final: probability }).nullable().describe("null where the context is full."),
  appended: z.array(pill),
  appended_meta: z.array(z.object({
    dist,
    selected_id: count,
    forced: z.boolean(),
    forced_by: z.enum(["token", "text"]).nullable(),
    draw: draw.nullable().describe("Send u back to repeat the step; null where the token was forced."),
    p_final: probability.describe("Of the selected token."),
    p_raw: probability.describe("Of the selected token."),
    rank: count.describe("Of the selected token, 0-based, by p_base."),
  })),
  new_completion_ids: z.array(count),
  done: z.boolean(),
  stop_reason: z.enum(stopReasons).nullable(),
  next: dist.nullable().describe("With next: of the position after."),
  mirostat_mu: z.number().nullable().describe("What the next request sends."),
  warnings: z.array(z.string()),
  timing,
}) satisfies z.ZodType<StepResult>;

const summary = {
  model: modelFacts,
  new_completion_ids: z.array(count),
  text: z.string().describe("Of the appended tokens."),
  appended_count: count,
  done: z.literal(true),
  stop_reason: z.enum([...stopReasons, "max_tokens"]),
  mirostat_mu: z.number().nullable(),
  timing,
};
export const generateSummary = z.object(summary) satisfies z.ZodType<GenerateSummary>;
export const generateResult = z.object({ ...summary, steps: z.array(stepResult) }) satisfies z.ZodType<
  GenerateResult
>;

export const vocabularyResult = z.object({
  ...identity,
  tokens: z.array(distToken),
  total: count.describe("Tokens that match."),
  offset: count,
  vocab_size: count,
  timing,
}) satisfies z.ZodType<VocabularyResult>;

export const tokenizeResult = z.object({ ...identity, tokens: z.array(pill) }) satisfies z.ZodType<
  TokenizeResult
>;
