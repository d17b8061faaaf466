// POST /api/generate: step after step until something ends it.
import type { Context } from "fresh";
import { z } from "zod";
import type { State } from "../../define.ts";
import { generate } from "../../engine/generate.ts";
import type { EngineStatus } from "../../engine/types.ts";
import { checkDescribed, countDescribedBySteps } from "../../wire/answer_size.ts";
import type { GenerateInput, GenerateResult, GenerateSummary } from "../../wire/generate.ts";
import { writeJson } from "../http/json_parts.ts";
import { answerWork } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { clientOf } from "../http/client.ts";
import { type ServerEvent, streamEvents } from "../http/event_stream.ts";
import { forcedLimitOf } from "../http/long_answer.ts";
import { parseRequest } from "../http/parse.ts";
import { checkTemplateName } from "../http/template_name.ts";
import { jobEndpoint } from "../schemas/operation.ts";
import { count, modelFacts, timing } from "../schemas/token.ts";
import { STEP_RULES, stepFields, stepResult, stopReasons } from "./step.ts";

export const generateRequest = z.strictObject({
  ...stepFields,
  force_token_id: stepFields.force_token_id.describe("Append this token first."),
  force_text: stepFields.force_text.describe(
    "Append the tokens of this text first; special tokens are text.",
  ),
  u: stepFields.u.describe("The number of the first draw alone."),
  max_tokens: z.int().min(1).max(1_000_000).default(128),
  stream: z.boolean().default(true).describe(
    "Server-sent events, one step each; false: one answer at the end.",
  ),
}).meta({ allOf: STEP_RULES }) satisfies z.ZodType<GenerateInput>;

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

/** Streams an event `step` for each step and then `done`; where `stream` is false, answers once at the end. */
export async function answerGenerate(ctx: Context<State>): Promise<Response> {
  const { req, state: { engine, answers } } = ctx;
  const input = parseRequest(generateRequest, await readJson(req));
  checkTemplateName(input, engine.status());
  const described = countDescribedAtOnce(input, engine.status());
  // Two generations of one page go on side by side: a page ends one by leaving its stream.
  const { client } = clientOf(ctx);
  if (!input.stream) {
    return await answerWork(ctx, async ({ signal, onProgress }) => {
      const all = generate(engine, input, { client, signal });
      const steps: Uint8Array[] = [];
      let count = 0;
      for (let next = await all.next();; next = await all.next()) {
        if (next.done) return writeJson({ ...next.value, steps });
        steps.push(next.value.json);
        count += next.value.appended_count;
        onProgress({ done: count, total: Math.max(count, input.max_tokens) });
      }
    }, described);
  }
  const release = answers.take(described);
  const left = new AbortController();
  const signal = AbortSignal.any([req.signal, left.signal]);
  const events = stepEvents(generate(engine, input, { client, signal }));
  return await streamEvents(ctx, events, () => left.abort(), { ended: release }).catch((error) => {
    release();
    throw error;
  });
}

/** The tokens that are described at the same time, at most: those of one step, or of all where they are answered
 * together. Throws invalid_request where they are too many for one answer; the step checks what is forced. */
function countDescribedAtOnce(input: GenerateInput, { model }: EngineStatus): number {
  if (model.state !== "ready") return 0; // refused by the engine
  const { vocabSize, contextLength } = model.info;
  const steps = input.stream ? 1 : Math.min(input.max_tokens, contextLength);
  const drawn = countDescribedBySteps(steps, steps, input, vocabSize);
  checkDescribed(drawn, input.top_k, vocabSize);
  // What is forced counts as drawn.
  return Math.max(drawn, countDescribedBySteps(1, forcedLimitOf(input), input, vocabSize));
}

async function* stepEvents(steps: ReturnType<typeof generate>): AsyncGenerator<ServerEvent, void> {
  for (let next = await steps.next();; next = await steps.next()) {
    if (next.done) return yield { event: "done", data: next.value };
    yield { event: "step", data: next.value.json };
  }
}
