// A token, and what comes with every answer: for the OpenAPI document and for tests. Held to the types of lib/wire by
// the compiler, as every schema of an answer.
import { z } from "zod";
import type { ModelFacts } from "../../wire/token.ts";

export const count = z.int().min(0);
export const bits = z.number().min(0);
/** Computed in double precision: a sum may be above 1 by its last bits. */
export const probability = z.number().min(0).max(1 + 1e-9).describe("Unrounded.");

export const token = z.object({
  id: count,
  text: z.string(),
  display: z.string().describe("The text with whitespace made visible."),
  special: z.boolean(),
  bytes: z.array(count.max(255)),
  offset: count.describe("Where the token begins in the decoded text, in UTF-16 units."),
});

export const timing = z.object({
  queued_ms: z.number().min(0),
  prefill_ms: z.number().min(0),
  decode_ms: z.number().min(0),
  computed_tokens: count,
});

/** ModelIdentity. */
export const identity = {
  model_key: z.string().describe("Opaque; of the model file, its device and arithmetic."),
  tokenizer_key: z.string().describe("Opaque; token ids of answers with the same one mean the same."),
};

export const modelFacts = z.object({
  ...identity,
  model_id: z.string(),
  device: z.string(),
  dtype: z.string(),
  has_chat_template: z.boolean(),
  eos_token_id: count.nullable(),
  vocab_size: count,
  context_length: count,
}) satisfies z.ZodType<ModelFacts>;

export const scoredToken = token.extend({
  p: probability.nullable().exactOptional().describe(
    "With prompt_scores; null for the first token, and where an engine does not say.",
  ),
  logprob: z.number().max(0).nullable().exactOptional(),
  rank: count.nullable().exactOptional().describe("0 is the most probable."),
  surprisal_bits: bits.nullable().exactOptional(),
  entropy_bits: bits.nullable().exactOptional().describe("Of the distribution the token came from."),
});
