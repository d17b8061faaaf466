// POST /api/next-token: one distribution.
import { z } from "zod";
import type { NextTokenInput, NextTokenResult } from "../../wire/next_token.ts";
import { jobEndpoint } from "../schemas/operation.ts";
import { count, identity, timing } from "../schemas/token.ts";
import { TEXT_OR_IDS } from "../schemas/rules.ts";
import { modelKey, shownCount, text, tokenIds } from "../schemas/values.ts";

export const nextTokenRequest = z.strictObject({
  model_key: modelKey,
  text: text.nullable().default(null).describe("The text to go on with."),
  ids: tokenIds.nullable().prefault(null).describe("The exact tokens, instead of text."),
  top_k: shownCount.prefault(10).describe("Candidates to show; clamped to the vocabulary with a warning."),
  temperature: z.number().min(0).max(2).overwrite((value) => value + 0).default(0.7)
    .describe("Logits are divided by it; 0 is one-hot on the largest."),
}).refine((request) => request.text !== null || request.ids !== null, {
  path: ["text"],
  message: "Send text (a string) or ids (a list of token ids).",
}).meta(TEXT_OR_IDS) satisfies z.ZodType<NextTokenInput>;

const probability = z.number().min(0).max(1);
const gap = z.literal("...");

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
  entropy_bits: z.number().min(0).nullable().describe(
    "null, as the next two: an engine lists too few tokens.",
  ),
  effective_choices: z.number().min(1).nullable().describe("2 to the power of the entropy."),
  mass_90_count: count.nullable().describe("Tokens, most probable first, that hold 90 % of the probability."),
  eos_prob: probability,
  eos: z.boolean().describe("True where the context ends with an end-of-text token."),
  other_prob: probability.describe("Probability of all tokens that are no candidates."),
  vocab_size: count,
  context_length: count,
  model: z.string(),
  timing_ms: z.number().min(0),
  timing,
}) satisfies z.ZodType<NextTokenResult>;

export const nextTokenEndpoint = jobEndpoint({
  path: "/api/next-token",
  id: "nextToken",
  summary: "The most probable next tokens of a text.",
  request: nextTokenRequest,
  result: nextTokenResult,
  answers: "The distribution.",
});
