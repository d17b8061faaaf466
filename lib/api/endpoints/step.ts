// POST /api/step: one token drawn, or tokens forced.
import { z } from "zod";
import type { StepInput, StepResult } from "../../wire/step.ts";
import { distribution } from "../schemas/distribution.ts";
import { jobEndpoint, type Json } from "../schemas/operation.ts";
import { count, modelFacts, probability, timing, token } from "../schemas/token.ts";
import { CONTEXT_RULES, requireAbsent } from "../schemas/rules.ts";
import { text, tokenId } from "../schemas/values.ts";
import { previewFields } from "./preview.ts";

export const stepFields = {
  ...previewFields,
  reset_rng: z.boolean().default(false).describe(
    "Accepted, changes nothing: a draw depends on seed and position.",
  ),
  force_token_id: tokenId.nullable().default(null).describe(
    "Append this token instead of drawing one.",
  ),
  force_text: text.nullable().default(null).describe(
    "Append the tokens of this text; special tokens are text.",
  ),
  u: z.number().min(0).max(1).nullable().default(null).describe("The number of the draw; repeats a step."),
  goes_on: z.boolean().default(false).describe(
    "With next: the step behind this one is asked for at once, so its run begins before this is answered. Generate says so itself.",
  ),
};

/** Of every request that has these fields; what is forced is named once. */
export const STEP_RULES: readonly Json[] = [
  ...CONTEXT_RULES,
  { anyOf: ["force_token_id", "force_text"].map((name) => requireAbsent(name)) },
];

export const stepRequest = z.strictObject(stepFields).meta({ allOf: STEP_RULES }) satisfies z.ZodType<
  StepInput
>;

/** Why a step is the last one. */
export const stopReasons = ["eos_token", "stop_sequence", "context_full", "constraint_end"] as const;

const draw = z.object({
  seed: z.int().nullable(),
  position: count.describe("Ids before the drawn token."),
  u: z.number().min(0).lt(1),
});

export const stepResult = z.object({
  model: modelFacts,
  dist: distribution.describe("What the first appended token came from."),
  selected: token.extend({ p_final: probability }).nullable().describe("null where the context is full."),
  appended: z.array(token),
  appended_meta: z.array(z.object({
    dist: distribution,
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
  next: distribution.nullable().describe("With next: of the position after."),
  mirostat_mu: z.number().nullable().describe("What the next request sends."),
  warnings: z.array(z.string()),
  timing,
}) satisfies z.ZodType<StepResult>;

export const stepEndpoint = jobEndpoint({
  path: "/api/step",
  id: "step",
  summary: "Draws the next token, or appends forced ones.",
  request: stepRequest,
  result: stepResult,
});
