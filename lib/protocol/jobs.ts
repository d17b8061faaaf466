// The jobs that a worker does for the main thread. Types only.
import type { NextTokenInput, NextTokenResult } from "../wire/next_token.ts";
import type { PreviewInput, PreviewResult } from "../wire/preview.ts";
import type { StepInput, StepResult } from "../wire/step.ts";
import type { TokenizeInput } from "../wire/tokenize.ts";
import type { VocabularyInput, VocabularyResult } from "../wire/vocabulary.ts";

/** JSON as UTF-8, written in the worker: where it may be long, the event loop has better things to do. */
export type EncodedJson = Uint8Array<ArrayBuffer>;

/** The jobs a worker can do: request in, plain data out. */
export interface Jobs {
  next_token: { readonly input: NextTokenInput; readonly output: NextTokenResult };
  preview: { readonly input: PreviewInput; readonly output: PreviewResult };
  step: { readonly input: StepInput; readonly output: StepResult };
  /** As `step`, with the ids that the prompt was read as: the steps after it go on from them. */
  first_step: {
    readonly input: StepInput;
    readonly output: StepResult & { readonly prompt_ids: readonly number[] };
  };
  vocabulary: { readonly input: VocabularyInput; readonly output: VocabularyResult };
  tokenize: { readonly input: TokenizeInput; readonly output: EncodedJson }; // of a TokenizeResult
}
export type JobKind = keyof Jobs;
