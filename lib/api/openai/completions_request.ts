// What POST /v1/completions takes, and what of it JSON Schema cannot say.
import { z } from "zod";
import type { Amount } from "../completions/amount.ts";
import { completionFields, listFields, streamRule } from "../completions/fields.ts";
import { checkLists, checkStreamOptions, listedLimitOf, readDrawLimit } from "../completions/request.ts";
import { apiFault } from "../http/errors.ts";
import { listOf } from "../schemas/list.ts";
import type { Json } from "../schemas/operation.ts";
import { allowValue, CONTEXT_TEXT, requireAbsent, requireValue } from "../schemas/rules.ts";
import { text, tokenIds } from "../schemas/values.ts";

const MOST_PROMPTS = 2048;
const MOST_DRAWN_FOR_BEST = 20; // as OpenAI's API
const WHOLE_VOCABULARY = -1; // as vLLM

const many = { max: MOST_PROMPTS, sentence: `Send at most ${MOST_PROMPTS} prompts at once.` };
const someText = text.meta(CONTEXT_TEXT);
const WITH_TOKENS = {
  anyOf: [
    { type: "string", minLength: 1 },
    { type: "array", items: { anyOf: [{ type: "string", minLength: 1 }, { type: ["integer", "array"] }] } },
  ],
};
const someIds = tokenIds.meta({ minItems: 1 });
const prompts = z.union([
  someText,
  someIds,
  listOf(someText, many).meta({ minItems: 1 }),
  listOf(someIds, many).meta({ minItems: 1 }),
])
  .describe("Text or token ids, or a list of either.");

const boundFrom = (minimum: number) => ({ type: "integer", minimum });
const boundTo = (maximum: number) => ({ type: "integer", maximum });
const NUMBERS = Array.from({ length: MOST_DRAWN_FOR_BEST }, (_, before) => before + 1);

/** best_of is at least n: JSON Schema relates two numbers case by case. */
const BEST_RULE: Json = {
  not: {
    anyOf: NUMBERS.map((most) => ({
      allOf: [requireValue("best_of", boundTo(most)), requireValue("n", boundFrom(most + 1))],
    })),
  },
};

/** A best_of above n, which is a choice, is no part of a stream. */
const UNCHOSEN_RULE: Json = {
  not: {
    anyOf: NUMBERS.map((least) => ({
      allOf: [
        requireValue("best_of", boundFrom(least + 1)),
        least === 1
          ? allowValue("n", { anyOf: [{ type: "null" }, boundTo(least)] })
          : requireValue("n", boundTo(least)),
      ],
    })),
  },
};

/** Log-probabilities are asked for. */
const LISTED = requireValue("logprobs", { not: { enum: [null, false] } });

export const completionsRequest = z.strictObject({
  ...completionFields,
  ...listFields,
  prompt: prompts,
  max_tokens: z.int().min(-1).max(1_000_000).default(16).describe("-1: until the text or the context ends."),
  best_of: z.int().min(1).max(MOST_DRAWN_FOR_BEST).optional().describe(
    "So many, at least n, are drawn, and the n of the highest mean log-probability a token answered, the best " +
      "first; usage counts all. Choice i of those drawn has seed + i. In a stream the same as n.",
  ),
  echo: z.boolean().default(false).describe("The prompt comes first, with its log-probabilities."),
  logprobs: z.union([z.boolean(), z.int().min(WHOLE_VOCABULARY)]).nullable().default(null)
    .describe("Most probable tokens listed a position, up to the vocabulary (-1); null: none."),
  add_special_tokens: z.boolean().default(true).describe(
    "Text is read with the tokenizer's BOS, if it has one.",
  ),
}).meta({
  allOf: [
    BEST_RULE,
    streamRule(UNCHOSEN_RULE),
    // One list of cases: those of logprob_token_ids, which are a part of logprobs, and those of max_tokens 0.
    {
      anyOf: [
        {
          allOf: [
            allowValue("logprobs", { enum: [null, false] }),
            requireAbsent("logprob_token_ids"),
          ],
        },
        { allOf: [LISTED, allowValue("max_tokens", { not: { const: 0 } })] },
        { allOf: [LISTED, requireValue("echo", { const: true })] },
      ],
    },
    // Without special tokens an empty text is no context.
    {
      anyOf: [allowValue("add_special_tokens", { enum: [true, null] }), requireValue("prompt", WITH_TOKENS)],
    },
  ],
});
export type CompletionsRequest = z.output<typeof completionsRequest>;

/** Throws invalid_request for fields that do not go together. */
export function checkRequest(request: CompletionsRequest): void {
  const { echo, max_tokens, logprobs, best_of, n, stream } = request;
  checkStreamOptions(request);
  checkLists(request, logprobs !== null && logprobs !== false);
  if (best_of !== undefined && best_of < n) {
    throw apiFault("invalid_request", `best_of must be at least n, which is ${n}.`, "best_of");
  }
  if (stream && best_of !== undefined && best_of > n) {
    const message =
      "The best of more than n are not streamed, as in OpenAI's API: leave best_of out, or ask for a whole answer.";
    throw apiFault("invalid_request", message, "best_of");
  }
  if (max_tokens === 0 && !echo && logprobs !== null && logprobs !== false) {
    throw apiFault("invalid_request", "With max_tokens 0, logprobs need echo true.", "logprobs");
  }
}

/** What all prompts and choices of a request make together. */
export function amountOf(request: CompletionsRequest): Amount {
  const { prompt, n, best_of = n, max_tokens, echo, return_token_ids, logprobs, ignore_eos } = request;
  return {
    ...{ prompts: promptsOf(prompt), choices: best_of, most: readDrawLimit(max_tokens), endless: ignore_eos },
    lengthField: "max_tokens",
    repeats: echo || return_token_ids,
    listed: listedOf(logprobs, Infinity) ?? 0,
  };
}

/** The prompts of a request one by one. Throws empty_context for one without a token. */
export function promptsOf(prompt: CompletionsRequest["prompt"]): readonly (string | readonly number[])[] {
  if (typeof prompt === "string") return [prompt];
  if (prompt.length === 0) throw apiFault("empty_context", "prompt has no token.", "prompt");
  return typeof prompt[0] === "number"
    ? [prompt as readonly number[]]
    : prompt as readonly (string | readonly number[])[];
}

/** How many tokens are listed; null: none, and no log-probabilities. `true` is that of the chosen token alone. */
export function listedOf(logprobs: CompletionsRequest["logprobs"], vocabulary: number): number | null {
  if (logprobs === null || logprobs === false) return null;
  if (logprobs === true) return 0;
  return listedLimitOf(logprobs, vocabulary);
}
