// POST /api/preview: the distribution after a context, and the context itself.
import { z } from "zod";
import { NO_CONSTRAINT } from "../../sampling/constraint_kinds.ts";
import type { PreviewInput, PreviewResult } from "../../wire/preview.ts";
import { chatFields } from "../schemas/chat.ts";
import { constraintSchema } from "../schemas/constraint.ts";
import { distribution } from "../schemas/distribution.ts";
import { listOf } from "../schemas/list.ts";
import { jobEndpoint } from "../schemas/operation.ts";
import { paramsSchema } from "../schemas/params.ts";
import { count, modelFacts, scoredToken, timing } from "../schemas/token.ts";
import { CONTEXT_RULES } from "../schemas/rules.ts";
import { modelKey, shownCount, text, tokenIds } from "../schemas/values.ts";
import { DEFAULT_SYSTEM_PROMPT } from "../../wire/system_prompt.ts";

export const constraintField = constraintSchema.nullable().prefault({})
  .transform((value) => value ?? NO_CONSTRAINT);

/** What every request about a context may say of it. */
export const contextFields = {
  branch_id: z.string().default("default").describe("Accepted, changes nothing."),
  prompt: text.default(""),
  system_prompt: text.default(DEFAULT_SYSTEM_PROMPT),
  use_chat_template: z.boolean().nullable().default(null).describe("null: where the model has one."),
  ...chatFields,
  add_generation_prompt: z.boolean().default(true).describe("Opens the assistant's turn."),
  continue_final_message: z.boolean().default(false).describe(
    "Leaves the last message open, to go on in it.",
  ),
  prompt_ids: tokenIds.nullable().prefault(null).describe(
    "The exact tokens, instead of messages and prompt.",
  ),
  completion_ids: tokenIds.prefault([]),
};

/** What every request about a distribution may say. */
export const previewFields = {
  model_key: modelKey,
  ...contextFields,
  top_k: shownCount.prefault(10).describe("Tokens to show; clamped to the vocabulary with a warning."),
  params: paramsSchema.prefault({}),
  constraint: constraintField,
  include: listOf(z.enum(["stages", "bytes", "prompt_scores", "next"]), {
    max: 16,
    sentence: "Send at most 16 names in include.",
    stated: true,
  }).prefault([]).describe("What the answer shall have besides."),
};

export const previewRequest = z.strictObject({
  ...previewFields,
  aside: z.boolean().default(false).describe(
    "A look ahead: what is computed in advance stays with the text that was asked about last.",
  ),
}).meta({ allOf: CONTEXT_RULES }) satisfies z.ZodType<PreviewInput>;

export const previewResult = z.object({
  model: modelFacts,
  prompt_tokens: z.array(scoredToken),
  completion_tokens: z.array(scoredToken),
  context_token_count: count,
  dist: distribution,
  template_text: z.string().nullable().describe("What the chat template wrote."),
  warnings: z.array(z.string()),
  mirostat_mu: z.number().nullable(),
  timing,
}) satisfies z.ZodType<PreviewResult>;

export const previewEndpoint = jobEndpoint({
  path: "/api/preview",
  id: "preview",
  summary: "The tokens of a context and the next one's distribution, explained.",
  request: previewRequest,
  result: previewResult,
});
