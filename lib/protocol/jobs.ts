// The jobs that a worker does for the main thread. Types only.
import type { AttributionAnswer, AttributionInput } from "../wire/attribution.ts";
import type { ChoicesInput, ChoicesResult } from "../wire/choices.ts";
import type { NextTokenInput, NextTokenResult } from "../wire/next_token.ts";
import type { PreviewInput, PreviewResult } from "../wire/preview.ts";
import type {
  ClientTokensInput,
  ClientTokensResult,
  DetokenizeInput,
  EncodeInput,
  EncodeResult,
  PromptLogprobsInput,
  PromptLogprobsResult,
  ReadPromptInput,
  ReadPromptResult,
  SampleInput,
  SampleResult,
  ScoreTokensInput,
  ScoreTokensResult,
  TokenizerInfo,
} from "../wire/sample.ts";
import type { StepInput, StepResult } from "../wire/step.ts";
import type { ForModel } from "../wire/token.ts";
import type { TokenizeInput } from "../wire/tokenize.ts";
import type { VocabularyInput, VocabularyResult } from "../wire/vocabulary.ts";

/** JSON as UTF-8, written in the worker: where it may be long, the event loop has better things to do. */
export type EncodedJson = Uint8Array<ArrayBuffer>;

/** One step of a generation: what the client gets, and what the steps after it and the summary need to know. */
export interface GeneratedStep
  extends
    Pick<StepResult, "model" | "new_completion_ids" | "done" | "stop_reason" | "mirostat_mu" | "timing"> {
  readonly json: EncodedJson; // of the StepResult
  readonly prompt_ids: readonly number[]; // what the prompt was read as: the steps after it go on from them
  readonly appended_count: number;
  readonly bytes: readonly number[]; // of the appended tokens
}

/** The jobs a worker can do: request in, plain data out. */
export interface Jobs {
  next_token: { readonly input: NextTokenInput; readonly output: NextTokenResult };
  preview: { readonly input: PreviewInput; readonly output: PreviewResult };
  step: { readonly input: StepInput; readonly output: StepResult };
  /** As `step`, for one of a row of them. */
  generated_step: { readonly input: StepInput; readonly output: GeneratedStep };
  /** A prompt of any form as ids, for the APIs of other servers; the jobs after it are theirs too. */
  read_prompt: { readonly input: ReadPromptInput; readonly output: ReadPromptResult };
  score_tokens: { readonly input: ScoreTokensInput; readonly output: ScoreTokensResult };
  prompt_logprobs: { readonly input: PromptLogprobsInput; readonly output: PromptLogprobsResult };
  sample: { readonly input: SampleInput; readonly output: SampleResult };
  encode: { readonly input: EncodeInput; readonly output: EncodeResult };
  client_tokens: { readonly input: ClientTokensInput; readonly output: ClientTokensResult };
  detokenize: { readonly input: DetokenizeInput; readonly output: EncodedJson }; // {content, prompt}: the text, twice
  tokenizer_info: { readonly input: ForModel; readonly output: TokenizerInfo };
  attribution: { readonly input: AttributionInput; readonly output: AttributionAnswer };
  choices: { readonly input: ChoicesInput; readonly output: ChoicesResult };
  vocabulary: { readonly input: VocabularyInput; readonly output: VocabularyResult };
  tokenize: { readonly input: TokenizeInput; readonly output: EncodedJson }; // of a TokenizeResult
}
export type JobKind = keyof Jobs;
