// What is answered, as schemas: for the OpenAPI document and for tests. They are held to the types of lib/wire by
// the compiler.
import { z } from "zod";
import type { ApiError } from "../wire/error.ts";
import type { ModelList, ModelStatus, ModelVariantList } from "../wire/models.ts";
import type { NextTokenResult } from "../wire/next_token.ts";

const count = z.int().min(0);
const probability = z.number().min(0).max(1);
const gap = z.literal("...");

export const pill = z.object({
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

const candidate = z.object({
  token: z.string().describe("Exact text; U+FFFD where the bytes alone are no text."),
  prob: probability.describe("softmax(logits / temperature) over the whole vocabulary, 6 decimals."),
  id: count,
  logprob: z.number().max(0).nullable().describe("Natural logarithm; null where the probability is 0."),
  bytes: z.array(count.max(255)),
  display: z.string(),
  special: z.boolean(),
});

export const nextTokenResult = z.object({
  ...identity,
  candidates: z.array(candidate),
  sampled: z.string().describe("A token drawn from the full distribution."),
  sampled_id: count,
  warning: z.string().nullable(),
  inputs: z.array(z.union([count, gap])).describe("The first and last 6 ids."),
  logits: z.array(z.union([z.number(), z.null(), gap])).describe("The first and last 6 logits."),
  ids: z.array(count).describe("All ids of the context."),
  entropy_bits: z.number().min(0),
  effective_choices: z.number().min(1).describe("2 to the power of the entropy."),
  mass_90_count: count.describe("Tokens, most probable first, that hold 90 % of the probability."),
  eos_prob: probability,
  eos: z.boolean().describe("True where the context ends with an end-of-text token."),
  other_prob: probability.describe("Probability of all tokens that are no candidates."),
  vocab_size: count,
  context_length: count,
  model: z.string(),
  timing_ms: z.number().min(0),
  timing,
}) satisfies z.ZodType<NextTokenResult>;

const progress = z.object({
  phase: z.enum(["resolving", "downloading", "verifying", "opening"]),
  file: z.string().nullable(),
  received: z.number().min(0),
  total: z.number().min(0),
  bytes_per_second: z.number().min(0),
});

export const modelStatusSchema = z.object({
  model_id: z.string().nullable(),
  model_key: identity.model_key.nullable(),
  tokenizer_key: identity.tokenizer_key.nullable(),
  device: z.string().nullable(),
  dtype: z.string().nullable().describe("The arithmetic, float32 for example."),
  loading: z.boolean().describe("True together with ready: the old model serves while a new one loads."),
  ready: z.boolean(),
  error: z.string().nullable(),
  has_chat_template: z.boolean(),
  eos_token_id: count.nullable(),
  vocab_size: count.nullable(),
  context_length: count.nullable(),
  quantization: z.string().nullable().describe("The variant of the model file, q4 for example."),
  runtime: z.enum(["native", "addon"]).nullable(),
  warning: z.string().nullable(),
  loading_id: z.string().nullable().describe("What is being loaded; model_id is what serves meanwhile."),
  load_error: z.string().nullable().describe(
    "Why the last load failed; the model before it goes on serving.",
  ),
  prefetch: z.object({ hits: count, wasted_tokens: count }),
  progress: progress.nullable(),
  cache: z.object({ hits: count, misses: count, bytes: count }),
}) satisfies z.ZodType<ModelStatus>;

const variantList = z.object({
  id: z.string(),
  source: z.string().describe("The repository that holds the files; another one where id has no ONNX files."),
  license: z.string().nullable(),
  files: z.array(z.object({
    file: z.string(),
    dtype: z.string().describe("What POST /api/model/load calls it."),
    bytes: count.describe("With its external data."),
    fidelity: z.string().describe("What this file costs, as a sentence."),
    cached: z.boolean().describe("Nothing has to be fetched."),
    chosen: z.boolean().describe("What a load without a dtype takes."),
    fits: z.boolean().nullable().describe("Whether the memory that is free now holds it; null = unknown."),
  })),
}) satisfies z.ZodType<ModelVariantList>;

export const modelListSchema = z.object({
  models: z.array(z.string()).describe("The loaded model, if any."),
  available: z.array(z.object({
    id: z.string(),
    label: z.string(),
    parameters: count.nullable(),
    bytes: count,
    dtype: z.string(),
    license: z.string().nullable(),
    cached: z.boolean(),
    bundled: z.boolean(),
  })),
  variants: variantList.optional().describe("The files of the model that the query names as id."),
}) satisfies z.ZodType<ModelList>;

export const apiErrorSchema = z.object({
  error: z.string().describe("One sentence that says what to do."),
  code: z.string(),
  field: z.string().optional().describe("The field of the request that is wrong, such as ids[3]."),
  progress: progress.nullable().optional().describe("With the code model_loading: how far the load is."),
}) satisfies z.ZodType<Pick<ApiError, "error" | "code">>;
