// POST /api/generate: step after step until something ends it.
import { z } from "zod";
import type { GenerateInput, GenerateResult, GenerateSummary } from "../../wire/generate.ts";
import { jobEndpoint } from "../schemas/operation.ts";
import { count, modelFacts, timing } from "../schemas/token.ts";
import { stepFields, stepResult, stopReasons } from "./step.ts";

export const generateRequest = z.object({
  ...stepFields,
  max_tokens: z.int().min(1).max(1_000_000).default(128),
  stream: z.boolean().default(true).describe(
    "Server-sent events, one step each; false: one answer at the end.",
  ),
}) satisfies z.ZodType<GenerateInput>;

const summary = {
  model: modelFacts,
  new_completion_ids: z.array(count),
  text: z.string().describe("Of the appended tokens."),
  appended_count: count,
  done: z.literal(true),
  stop_reason: z.enum([...stopReasons, "max_tokens"]),
  mirostat_mu: z.number().nullable(),
  timing,
};
export const generateSummary = z.object(summary) satisfies z.ZodType<GenerateSummary>;
export const generateResult = z.object({ ...summary, steps: z.array(stepResult) }) satisfies z.ZodType<
  GenerateResult
>;

export const generateEndpoint = jobEndpoint({
  path: "/api/generate",
  id: "generate",
  summary: "Step after step until something ends it; events, or one answer where stream is false.",
  request: generateRequest,
  result: generateResult,
  events: "Events `step` with a StepResult each, then `done` with a GenerateSummary, or `error`.",
  schemas: { GenerateSummary: [generateSummary, "output"] },
});
