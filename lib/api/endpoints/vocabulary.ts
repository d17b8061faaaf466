// POST /api/vocabulary: every token by rank, with search, a page at a time.
import { z } from "zod";
import type { VocabularyInput, VocabularyResult } from "../../wire/vocabulary.ts";
import { distToken } from "../schemas/distribution.ts";
import { jobEndpoint } from "../schemas/operation.ts";
import { allowValue, CONTEXT_RULES, requireValue } from "../schemas/rules.ts";
import { count, identity, timing } from "../schemas/token.ts";
import { text } from "../schemas/values.ts";
import { previewFields } from "./preview.ts";

/** What is searched for is of its mode. */
const VOCABULARY_RULES = [...CONTEXT_RULES, {
  anyOf: [
    allowValue("mode", { enum: ["text"] }),
    { allOf: [requireValue("mode", { const: "regex" }), allowValue("query", { format: "regex" })] },
    {
      allOf: [
        requireValue("mode", { const: "bytes" }),
        allowValue("query", { pattern: "^([0-9a-fA-F]{2} ?)*$" }),
      ],
    },
    { allOf: [requireValue("mode", { const: "id" }), allowValue("query", { pattern: "^[0-9]{0,15}$" })] },
  ],
}];

export const vocabularyRequest = z.strictObject({
  ...previewFields,
  query: text.default("").describe("Empty: every token."),
  mode: z.enum(["text", "bytes", "id", "regex"]).default("text"),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(1000).default(100),
}).meta({ allOf: VOCABULARY_RULES }) satisfies z.ZodType<VocabularyInput>;

export const vocabularyResult = z.object({
  ...identity,
  tokens: z.array(distToken),
  total: count.describe("Tokens that match."),
  offset: count,
  vocab_size: count,
  timing,
}) satisfies z.ZodType<VocabularyResult>;

export const vocabularyEndpoint = jobEndpoint({
  path: "/api/vocabulary",
  id: "vocabulary",
  summary: "Every token by rank, with search, a page at a time.",
  request: vocabularyRequest,
  result: vocabularyResult,
});
