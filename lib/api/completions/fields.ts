// The fields that every completion request has, whatever server's API it is written for.
import { z } from "zod";
import { NEUTRAL_PARAMS, PARAMETER_LIST, type Params } from "../../sampling/params.ts";
import { constraintField } from "../endpoints/preview.ts";
import { paramFields } from "../schemas/params.ts";
import { tokenIds } from "../schemas/values.ts";

/** What OpenAI's API and vLLM do where a request says nothing: temperature 1, no filter, and a top-p that keeps the
 * token that crosses p. */
const COMPLETION_DEFAULTS: Params = { ...NEUTRAL_PARAMS, temperature: 1, top_p_rule: "at_least" };

/** Choices of one prompt. */
export const MOST_CHOICES = 128;
/** Log-probabilities of one answer, over all of its tokens. */
export const MOST_LISTED = 400_000;

export const completionFields = {
  ...paramFields(COMPLETION_DEFAULTS),
  model: z.string().default("").describe("Accepted; the answer names the model that gave it."),
  n: z.int().min(1).max(MOST_CHOICES).default(1).describe(
    "Choices a prompt. With a seed, choice i has seed + i.",
  ),
  stream: z.boolean().default(false).describe("Server-sent events, one a token, then [DONE]."),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).prefault({}),
  constraint: constraintField,
  ignore_eos: z.boolean().default(false).describe("End-of-text tokens are never drawn."),
  min_tokens: z.int().min(0).default(0).describe("Tokens before the first end-of-text token may be drawn."),
  stop_token_ids: tokenIds.prefault([]).describe("The text ends with one of these, which is no part of it."),
  skip_special_tokens: z.boolean().default(true).describe("Special tokens are no part of the text."),
  return_tokens_as_token_ids: z.boolean().default(false).describe("Tokens are named token_id:123."),
};

/** The sampling settings among the fields of a request. */
export function paramsOf(request: Readonly<Record<string, unknown>>): Params {
  return Object.fromEntries(PARAMETER_LIST.map(([name]) => [name, request[name]])) as unknown as Params;
}
