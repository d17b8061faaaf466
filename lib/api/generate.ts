// POST /api/generate: what the engine's generator yields, as events or as one answer.
import type { Context } from "fresh";
import type { State } from "../define.ts";
import { generate } from "../engine/generate.ts";
import { answerWork } from "./http/answer.ts";
import { readJson } from "./http/body.ts";
import { clientOf } from "./http/client.ts";
import { eventStream, type ServerEvent } from "./http/event_stream.ts";
import { parseRequest } from "./http/parse.ts";
import { generateRequest } from "./endpoints/generate.ts";
import type { GenerateResult, GenerateSummary } from "../wire/generate.ts";
import type { StepResult } from "../wire/step.ts";

/** Streams an event `step` for each step and then `done`; where `stream` is false, answers once at the end. */
export async function answerGenerate(ctx: Context<State>): Promise<Response> {
  const { req, info, state: { engine } } = ctx;
  const input = parseRequest(generateRequest, await readJson(req));
  // Two generations of one page go on side by side: a page ends one by leaving its stream.
  const { client } = clientOf(req, info.remoteAddr);
  if (!input.stream) {
    return await answerWork(ctx, async ({ signal, onProgress }): Promise<GenerateResult> => {
      const all = generate(engine, input, { client, signal });
      const steps: StepResult[] = [];
      let count = 0;
      for (let next = await all.next();; next = await all.next()) {
        if (next.done) return { ...next.value, steps };
        steps.push(next.value);
        count += next.value.appended.length;
        onProgress({ done: count, total: Math.max(count, input.max_tokens) });
      }
    });
  }
  const left = new AbortController();
  const signal = AbortSignal.any([req.signal, left.signal]);
  return await eventStream(ctx, stepEvents(generate(engine, input, { client, signal })), () => left.abort());
}

async function* stepEvents(
  steps: AsyncGenerator<StepResult, GenerateSummary>,
): AsyncGenerator<ServerEvent, void> {
  for (let next = await steps.next();; next = await steps.next()) {
    if (next.done) return yield { event: "done", data: next.value };
    yield { event: "step", data: next.value };
  }
}
