// Step after step, each a job of its own in the queue, so that others get their turn between. The first one reads the
// prompt; the others go on from its ids, so that neither a template that writes the time nor another model can change
// the text in the middle.
import type { GenerateInput, GenerateSummary } from "../wire/generate.ts";
import type { GeneratedStep } from "../protocol/jobs.ts";
import type { StepInput } from "../wire/step.ts";
import type { Timing } from "../wire/token.ts";
import type { Engine, SubmitOptions } from "./types.ts";

/** Yields each step, as it is done and not before it is asked for; returns what all of them make. What is forced, and
 * `u`, is for the first step alone. Throws what Engine.submit throws. */
export async function* generate(
  engine: Pick<Engine, "submit">,
  input: GenerateInput,
  options: SubmitOptions,
): AsyncGenerator<GeneratedStep, GenerateSummary> {
  let request: StepInput = input;
  let sum: Tally | null = null;
  while (sum === null || (!sum.last.done && sum.count < input.max_tokens)) {
    const goes_on = (sum?.count ?? 0) + 1 < input.max_tokens;
    const step: GeneratedStep = await engine.submit("generated_step", { ...request, goes_on }, options);
    yield step;
    sum = tally(sum, step);
    request = nextRequestOf(request, step);
  }
  return summaryOf(sum);
}

/** The request of the step after `step`: the same settings, from the ids that are there. */
function nextRequestOf(request: StepInput, step: GeneratedStep): StepInput {
  return {
    ...request,
    model_key: step.model.model_key,
    ...{ prompt: "", messages: null, prompt_ids: step.prompt_ids, completion_ids: step.new_completion_ids },
    params: { ...request.params, mirostat_mu: step.mirostat_mu },
    ...{ force_token_id: null, force_text: null, u: null },
  };
}

/** The steps so far. */
interface Tally {
  readonly last: GeneratedStep;
  readonly bytes: readonly number[];
  readonly count: number;
  readonly timing: Timing;
}

function tally(before: Tally | null, last: GeneratedStep): Tally {
  const { bytes, appended_count: count, timing } = last;
  if (before === null) return { last, bytes, count, timing };
  return {
    last,
    bytes: [...before.bytes, ...bytes],
    count: before.count + count,
    timing: addTimings(before.timing, timing),
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
