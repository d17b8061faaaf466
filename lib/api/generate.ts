// POST /api/generate: step after step, each a job of its own in the queue, so that others get their turn between.
import type { Context } from "fresh";
import type { State } from "../define.ts";
import type { Engine, SubmitOptions } from "../engine/types.ts";
import { answerWork } from "./http/answer.ts";
import { readJson } from "./http/body.ts";
import { clientOf } from "./http/client.ts";
import { eventStream, type ServerEvent } from "./http/event_stream.ts";
import { parseRequest } from "./http/parse.ts";
import { generateRequest } from "./endpoints/generate.ts";
import type { Timing } from "../wire/token.ts";
import type { GenerateInput, GenerateResult, GenerateSummary } from "../wire/generate.ts";
import type { StepInput, StepResult } from "../wire/step.ts";

/** Streams an event `step` for each step and then `done`; where `stream` is false, answers once at the end. */
export async function answerGenerate(ctx: Context<State>): Promise<Response> {
  const { req, info, state: { engine } } = ctx;
  const input = parseRequest(generateRequest, await readJson(req));
  // Two generations of one page go on side by side: a page ends one by leaving its stream.
  const { client } = clientOf(req, info.remoteAddr);
  if (!input.stream) {
    return await answerWork(ctx, async ({ signal, onProgress }): Promise<GenerateResult> => {
      const steps: StepResult[] = [];
      let sum: Tally | null = null;
      for await (const step of generateSteps(engine, input, { client, signal })) {
        steps.push(step);
        sum = tally(sum, step);
        onProgress({ done: sum.count, total: Math.max(sum.count, input.max_tokens) });
      }
      return { ...summaryOf(sum!), steps };
    });
  }
  const left = new AbortController();
  const signal = AbortSignal.any([req.signal, left.signal]);
  return await eventStream(ctx, stepEvents(engine, input, { client, signal }), () => left.abort());
}

async function* stepEvents(
  engine: Engine,
  input: GenerateInput,
  options: SubmitOptions,
): AsyncGenerator<ServerEvent, void> {
  let sum: Tally | null = null;
  for await (const step of generateSteps(engine, input, options)) {
    sum = tally(sum, step);
    yield { event: "step", data: step };
  }
  yield { event: "done", data: summaryOf(sum!) };
}

/** The steps of a generation: each goes on where the last ended. What is forced, and `u`, is for the first alone.
 * The last one is done, or has appended the last token of max_tokens. */
async function* generateSteps(
  engine: Engine,
  input: GenerateInput,
  options: SubmitOptions,
): AsyncGenerator<StepResult, void> {
  let request: StepInput = input;
  for (let appended = 0; appended < input.max_tokens;) {
    const step = await engine.submit("step", request, options);
    yield step;
    if (step.done) return;
    appended += step.appended.length;
    request = {
      ...request,
      completion_ids: step.new_completion_ids,
      params: { ...request.params, mirostat_mu: step.mirostat_mu },
      force_token_id: null,
      force_text: null,
      u: null,
    };
  }
}

/** The summary of the steps so far. */
interface Tally {
  readonly last: StepResult;
  readonly bytes: readonly number[];
  readonly count: number;
  readonly timing: Timing;
}

function tally(before: Tally | null, step: StepResult): Tally {
  const bytes = step.appended.flatMap((pill) => pill.bytes);
  const { length } = step.appended;
  if (before === null) return { last: step, bytes, count: length, timing: step.timing };
  return {
    last: step,
    bytes: [...before.bytes, ...bytes],
    count: before.count + length,
    timing: addTimings(before.timing, step.timing),
  };
}

function summaryOf({ last, bytes, count, timing }: Tally): GenerateSummary {
  return {
    model: last.model,
    new_completion_ids: last.new_completion_ids,
    text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes)),
    appended_count: count,
    done: true,
    stop_reason: last.stop_reason ?? "max_tokens",
    mirostat_mu: last.mirostat_mu,
    timing,
  };
}

function addTimings(a: Timing, b: Timing): Timing {
  const sum = (field: keyof Timing) => Math.round((a[field] + b[field]) * 100) / 100;
  return {
    queued_ms: sum("queued_ms"),
    prefill_ms: sum("prefill_ms"),
    decode_ms: sum("decode_ms"),
    computed_tokens: sum("computed_tokens"),
  };
}
