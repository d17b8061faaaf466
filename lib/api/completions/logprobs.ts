// Log-probabilities as completions answer them: OpenAI's four lists, and beside them the entries with ids and bytes
// that chat completions and llama.cpp have. Every client finds the form that it reads.
import { z } from "zod";
import type { PlacedToken } from "./choice.ts";

/** The entry of a token that nothing comes before. */
function bareEntryOf({ id, name, bytes }: PlacedToken) {
  return { id, token: name, bytes, logprob: null, top_logprobs: [] };
}

/** For writeJson; null where none were asked for. */
export function logprobsOf(tokens: readonly PlacedToken[], asked: boolean): unknown {
  if (!asked) return null;
  return {
    tokens: tokens.map(({ name }) => name),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => top),
    text_offset: tokens.map(({ offset }) => offset),
    content: entriesOf(tokens),
  };
}

/** As `logprobs.content` of chat completions. */
export function entriesOf(tokens: readonly PlacedToken[]): unknown[] {
  return tokens.map((token) => token.entry ?? bareEntryOf(token));
}

const logprob = z.number().max(0).describe("Natural logarithm; -9999 where the token is impossible.");
const named = {
  id: z.int().min(0),
  token: z.string(),
  bytes: z.array(z.int().min(0).max(255)),
  logprob: logprob.nullable(),
};

export const tokenEntry = z.object({ ...named, top_logprobs: z.array(z.object(named)) });

export const logprobLists = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(logprob.nullable()).describe("null for the first token of a prompt."),
  top_logprobs: z.array(z.record(z.string(), logprob).nullable()).describe(
    "By token; the token itself is among them.",
  ),
  text_offset: z.array(z.int().min(0)).describe("In code points."),
  content: z.array(tokenEntry),
});
