// What may be asked of /api/preview, /api/step, /api/generate, /api/vocabulary and /api/tokenize.
import { z } from "zod";
import { listOf } from "./list_schema.ts";
import { modelKey, shownCount, text, tokenIds } from "./schemas.ts";
import { paramsSchema } from "./schemas_params.ts";
import type { ConstraintInput } from "../wire/distribution.ts";
import type { GenerateInput } from "../wire/generate.ts";
import type { PreviewInput } from "../wire/preview.ts";
import type { StepInput } from "../wire/step.ts";
import type { TokenizeInput } from "../wire/token.ts";
import type { VocabularyInput } from "../wire/vocabulary.ts";

const message = z.object({ role: text, content: text });

const constraint = z.object({
  enabled: z.boolean().default(false),
  type: z.enum(["multiple_choice", "regex", "cfg", "json_schema"]).default("multiple_choice"),
  schema: text.default(""),
});
const noConstraint: ConstraintInput = { enabled: false, type: "multiple_choice", schema: "" };

const preview = {
  model_key: modelKey,
  branch_id: z.string().default("default").describe("Accepted, changes nothing."),
  prompt: text.default(""),
  system_prompt: text.default("You are a helpful assistant."),
  use_chat_template: z.boolean().nullable().default(null).describe("null: where the model has one."),
  messages: listOf(message, { max: 4096, sentence: "Send at most 4096 messages." }).nullable().prefault(null)
    .describe("A conversation, instead of prompt and system_prompt."),
  add_generation_prompt: z.boolean().default(true).describe("Opens the assistant's turn."),
  continue_final_message: z.boolean().default(false).describe(
    "Leaves the last message open, to go on in it.",
  ),
  prompt_ids: tokenIds.nullable().prefault(null).describe(
    "The exact tokens, instead of messages and prompt.",
  ),
  completion_ids: tokenIds.prefault([]),
  top_k: shownCount.prefault(10).describe("Tokens to show; clamped to the vocabulary with a warning."),
  params: paramsSchema.prefault({}),
  constraint: constraint.nullable().prefault({}).transform((value) => value ?? noConstraint),
  include: listOf(z.enum(["stages", "bytes", "prompt_scores", "next"]), {
    max: 16,
    sentence: "Send each name once in include.",
  }).prefault([]).describe("What the answer shall have besides."),
};

const step = {
  ...preview,
  reset_rng: z.boolean().default(false).describe(
    "Accepted, changes nothing: a draw depends on seed and position.",
  ),
  force_token_id: z.int().min(0).nullable().default(null).describe(
    "Append this token instead of drawing one.",
  ),
  force_text: text.nullable().default(null).describe(
    "Append the tokens of this text; special tokens are text.",
  ),
  u: z.number().min(0).max(1).nullable().default(null).describe("The number of the draw; repeats a step."),
};

export const previewRequest = z.object(preview) satisfies z.ZodType<PreviewInput>;
export const stepRequest = z.object(step) satisfies z.ZodType<StepInput>;

export const generateRequest = z.object({
  ...step,
  max_tokens: z.int().min(1).max(1_000_000).default(128),
  stream: z.boolean().default(true).describe(
    "Server-sent events, one step each; false: one answer at the end.",
  ),
}) satisfies z.ZodType<GenerateInput>;

export const vocabularyRequest = z.object({
  ...preview,
  query: text.default("").describe("Empty: every token."),
  mode: z.enum(["text", "bytes", "id", "regex"]).default("text"),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(1000).default(100),
}) satisfies z.ZodType<VocabularyInput>;

export const tokenizeRequest = z.object({ model_key: modelKey, text }) satisfies z.ZodType<TokenizeInput>;
