// POST /api/tokenize: the tokens of a text.
import { z } from "zod";
import type { TokenizeInput, TokenizeResult } from "../../wire/tokenize.ts";
import { jobEndpoint } from "../schemas/operation.ts";
import { identity, token } from "../schemas/token.ts";
import { modelKey, text } from "../schemas/values.ts";

export const tokenizeRequest = z.strictObject({ model_key: modelKey, text }) satisfies z.ZodType<
  TokenizeInput
>;

export const tokenizeResult = z.object({ ...identity, tokens: z.array(token) }) satisfies z.ZodType<
  TokenizeResult
>;

export const tokenizeEndpoint = jobEndpoint({
  path: "/api/tokenize",
  id: "tokenize",
  summary: "The tokens of a text; special-token strings are ordinary text.",
  request: tokenizeRequest,
  result: tokenizeResult,
});
