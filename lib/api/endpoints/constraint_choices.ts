// POST /api/constraint/choices: the probability of each whole option, and what step-wise masking reaches.
import { z } from "zod";
import type { ChoicesInput, ChoicesResult } from "../../wire/choices.ts";
import { jobEndpoint } from "../schemas/operation.ts";
import { count, modelFacts, probability, timing, token } from "../schemas/token.ts";
import { CHOICES_RULE, CONTEXT_RULES } from "../schemas/rules.ts";
import { previewFields } from "./preview.ts";

export const constraintChoicesRequest = z.strictObject(previewFields)
  .meta({ allOf: [...CONTEXT_RULES, CHOICES_RULE] }) satisfies z.ZodType<ChoicesInput>;

const logprob = z.number().max(1e-9);

const option = z.object({
  text: z.string(),
  tokens: z.array(token).describe("The option tokenised alone, as it is appended to the context."),
  logprobs: z.array(logprob).describe("Of each token, natural."),
  total: logprob.describe("Their sum."),
  mean_per_token: logprob,
  mean_per_byte: logprob,
  share: probability.describe("Of the sum of all options' probabilities."),
  prior_total: logprob.nullable().describe("The same after prior_tokens, without the prompt."),
  pmi: z.number().nullable().describe("total - prior_total: mutual information with the prompt."),
  prefix_of: z.array(count).describe("Longer options that begin with this one."),
  end_logprob: logprob.nullable().describe("Of an end of text behind an option that begins a longer one."),
  joint_tokenisation_differs: z.boolean().describe("Context and option together have other tokens."),
});

export const constraintChoicesResult = z.object({
  model: modelFacts,
  options: z.array(option),
  best: z.object({
    total: count,
    mean_per_token: count,
    mean_per_byte: count,
    pmi: count.nullable(),
  }).describe("The best option, by index, in each order."),
  greedy: z.object({ option: count, tokens: z.array(token), logprobs: z.array(logprob) })
    .describe("The most probable allowed token at each step."),
  trap: z.boolean().describe("greedy.option is not best.total."),
  prior_tokens: z.array(token).nullable(),
  warnings: z.array(z.string()),
  timing,
}) satisfies z.ZodType<ChoicesResult>;

export const constraintChoicesEndpoint = jobEndpoint({
  path: "/api/constraint/choices",
  id: "constraintChoices",
  summary: "The probability of each whole option of a multiple_choice constraint, and what masking reaches.",
  request: constraintChoicesRequest,
  result: constraintChoicesResult,
});
