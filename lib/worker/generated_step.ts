// A step of a generation as the main thread passes it on: written here, because a distribution of a whole vocabulary is
// megabytes of JSON and the event loop has better things to do.
import type { KnownTexts } from "../decode/distribution_cache.ts";
import type { Sliced } from "../decode/types.ts";
import type { GeneratedStep } from "../protocol/jobs.ts";
import type { StepResult } from "../wire/step.ts";
import { encodeInSlices } from "./encoded_json.ts";

/** As `slices`, the step as JSON beside what goes on from it; `texts` as encodeInSlices takes them. */
export async function* encodeStep(
  slices: Sliced<StepResult & { readonly prompt_ids: readonly number[] }>,
  texts: KnownTexts,
): Sliced<GeneratedStep> {
  const { prompt_ids, ...step } = yield* slices;
  const { model, new_completion_ids, done, stop_reason, mirostat_mu, timing, appended } = step;
  return {
    ...{ model, new_completion_ids, done, stop_reason, mirostat_mu, timing, prompt_ids },
    appended_count: appended.length,
    bytes: appended.flatMap((token) => token.bytes),
    json: yield* encodeInSlices(toSlices(step), texts),
  };
}

/** A value as slices of which none is to be waited for. */
// deno-lint-ignore require-yield -- it is there already
async function* toSlices(value: unknown): Sliced<unknown> {
  return await Promise.resolve(value);
}
