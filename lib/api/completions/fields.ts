// The fields that every completion request has, whatever server's API it is written for.
import { z } from "zod";
import { NEUTRAL_PARAMS, PARAMETER_LIST, type Params } from "../../sampling/params.ts";
import { constraintField } from "../endpoints/preview.ts";
import type { Json } from "../schemas/operation.ts";
import { allowValue, FALSE, requireAbsent, requireValue } from "../schemas/rules.ts";
import { paramFields } from "../schemas/params.ts";
import { tokenIds } from "../schemas/values.ts";
import { breakersField } from "./breakers.ts";

/** What OpenAI's API and vLLM do where a request says nothing: temperature 1, no filter, and a top-p that keeps the
 * token that crosses p. */
const COMPLETION_DEFAULTS: Params = { ...NEUTRAL_PARAMS, temperature: 1, top_p_rule: "at_least" };

/** Choices of one prompt. */
export const MOST_CHOICES = 128;
/** Tokens that all choices of one request may draw: three quarters of an hour at 20 ms each. One choice may fill its
 * context, however large that is. */
export const MOST_DRAWN = 131_072;
/** Log-probabilities of one answer, over all of its tokens. */
export const MOST_LISTED = 400_000;

export const completionFields = {
  ...paramFields(COMPLETION_DEFAULTS),
  model: z.string().default("").describe("Accepted; the answer names the model that gave it."),
  n: z.int().min(1).max(MOST_CHOICES).default(1).describe(
    "Choices a prompt. With a seed, choice i has seed + i. All choices of a request draw at most " +
      `${MOST_DRAWN} tokens together.`,
  ),
  stream: z.boolean().default(false).describe("Server-sent events, one a token, then [DONE]."),
  stream_options: z.strictObject({
    include_usage: z.boolean().default(false),
    continuous_usage_stats: z.boolean().default(false).describe(
      "Every event has the usage of its choice so far.",
    ),
    include_obfuscation: z.boolean().default(false).describe("Accepted: events are never padded."),
  }).optional().describe("Of a stream."),
  constraint: constraintField,
  dry_sequence_breakers: breakersField.nullable().default(null),
  ignore_eos: z.boolean().default(false).describe("End-of-text tokens are never drawn."),
  min_tokens: z.int().min(0).default(0).describe(
    "Tokens that come before an end-of-text token or one of stop_token_ids may be drawn, or stop is looked for.",
  ),
  include_stop_str_in_output: z.boolean().default(false).describe(
    "The stop sequence or token that ends the text is part of it.",
  ),
  allowed_token_ids: tokenIds.optional().meta({ minItems: 1 }).describe("Nothing but these is drawn."),
  stop_token_ids: tokenIds.prefault([]).describe("The text ends with one of these, which is no part of it."),
  skip_special_tokens: z.boolean().default(true).describe("Special tokens are no part of the text."),
  return_tokens_as_token_ids: z.boolean().default(false).describe("Tokens are named token_id:123."),
};

/** vLLM's further lists of log-probabilities, of requests that have a prompt or messages. */
export const listFields = {
  prompt_logprobs: z.int().min(-1).optional().describe(
    "Most probable tokens listed for each token of the prompt, by id and with ranks; -1: all. Not in a stream.",
  ),
  logprob_token_ids: tokenIds.optional().meta({ minItems: 1 }).describe(
    "With logprobs: these are listed for each drawn token, in place of the most probable ones.",
  ),
  return_token_ids: z.boolean().default(false).describe(
    "Choices have token_ids, those of what was generated (in a stream, of each piece), and prompt_token_ids is there.",
  ),
};

/** What may be asked for in a stream, which log-probabilities of a prompt are no part of, and outside of one. Its
 * options without it are refused as by OpenAI's API and vLLM; llama.cpp's server does not look. One list of cases:
 * generators of requests multiply those of several, and give up on many. `streamed`: what else holds of a stream. */
export const streamRule = (...streamed: readonly Json[]): Json => ({
  anyOf: [
    { allOf: [allowValue("stream", FALSE), requireAbsent("stream_options")] },
    { allOf: [requireValue("stream", { const: true }), requireAbsent("prompt_logprobs"), ...streamed] },
  ],
});

/** As vLLM answers `prompt_logprobs`. */
export const promptLogprobsSchema = z.array(
  z.record(
    z.string(),
    z.object({
      logprob: z.number().max(0),
      rank: z.int().min(1).nullable().describe("null where it is not known."),
      decoded_token: z.string(),
    }),
  ).nullable(),
).describe("By token id; null for the first token, which nothing comes before.");

/** The sampling settings among the fields of a request. */
export function paramsOf(request: Readonly<Record<string, unknown>>): Params {
  return Object.fromEntries(PARAMETER_LIST.map(([name]) => [name, request[name]])) as unknown as Params;
}
