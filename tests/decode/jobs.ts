// Jobs run to their end without an engine.
import { parseRequest } from "../../lib/api/http/parse.ts";
import { previewRequest } from "../../lib/api/endpoints/preview.ts";
import { stepRequest } from "../../lib/api/endpoints/step.ts";
import { vocabularyRequest } from "../../lib/api/endpoints/vocabulary.ts";
import type { PreviewResult } from "../../lib/wire/preview.ts";
import type { StepResult } from "../../lib/wire/step.ts";
import type { VocabularyResult } from "../../lib/wire/vocabulary.ts";
import { preview } from "../../lib/decode/preview.ts";
import { step } from "../../lib/decode/step.ts";
import type { LanguageModel, Sliced } from "../../lib/decode/types.ts";
import { listVocabulary } from "../../lib/decode/vocabulary.ts";

const never = new AbortController().signal;

/** Bodies as they come over HTTP: any JSON. */
export type Body = Readonly<Record<string, unknown>>;

export async function finish<T>(slices: Sliced<T>): Promise<T> {
  for (let slice = await slices.next();; slice = await slices.next()) {
    if (slice.done) return slice.value;
    if ("until" in slice.value) await slice.value.until; // it is not to be advanced before
  }
}

export function runPreview(model: LanguageModel, body: Body): Promise<PreviewResult> {
  return finish(preview(parseRequest(previewRequest, body), model, never));
}

/** `randomU`: what the random generator would give. */
export function runStep(model: LanguageModel, body: Body, randomU = 0.5): Promise<StepResult> {
  return finish(step(parseRequest(stepRequest, body), model, never, randomU));
}

export function runVocabulary(model: LanguageModel, body: Body): Promise<VocabularyResult> {
  return finish(listVocabulary(parseRequest(vocabularyRequest, body), model, never));
}
