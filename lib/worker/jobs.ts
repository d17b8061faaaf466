// The jobs a worker knows, by kind. Each is a generator that yields between slices and returns its value.
import { fault } from "../fault.ts";
import type { ForModel } from "../wire/token.ts";
import { attributeTokens } from "../decode/attribution/job.ts";
import { scoreChoices } from "../decode/choices.ts";
import { computeNextToken } from "../decode/next_token.ts";
import { preview } from "../decode/preview.ts";
import { detokenize, encode, listClientTokens, readPrompt } from "../decode/read_prompt.ts";
import { sample } from "../decode/sample.ts";
import { scorePrompt, scoreTokens } from "../decode/score_tokens.ts";
import { step, takeFirstStep } from "../decode/step.ts";
import type { LanguageModel, Sliced } from "../decode/types.ts";
import { drawUnit } from "../sampling/rng.ts";
import { listVocabulary, tokenize } from "../decode/vocabulary.ts";
import { encodeStep } from "./generated_step.ts";
import type { JobKind, Jobs } from "../protocol/jobs.ts";

/** A job; it computes nothing before it is first advanced. Its value says that it has waited for `queuedMs`, where it
 * says what it cost. Throws model_changed, and what the job throws. */
export async function* startJob<K extends JobKind>(
  kind: K,
  input: Jobs[K]["input"],
  model: LanguageModel,
  signal: AbortSignal,
  queuedMs = 0,
): Sliced<Jobs[K]["output"]> {
  checkModel(input, model);
  const table: { [Kind in JobKind]: (input: Jobs[Kind]["input"]) => Sliced<Jobs[Kind]["output"]> } = {
    next_token: (input) => computeNextToken(input, model, signal, drawUnit()),
    preview: (input) => preview(input, model, signal),
    step: (input) => step(input, model, signal, drawUnit()),
    generated_step: (input) =>
      encodeStep(
        withQueueTime(takeFirstStep(input, model, signal, drawUnit()), queuedMs),
        model.distributions.texts,
      ),
    read_prompt: (input) => readPrompt(input, model, signal),
    score_tokens: (input) => scoreTokens(input, model, signal),
    prompt_logprobs: (input) => scorePrompt(input, model, signal),
    sample: (input) => sample(input, model, signal, drawUnit()),
    encode: (input) => encode(input, model, signal),
    client_tokens: (input) => listClientTokens(input, model, signal),
    detokenize: (input) => detokenize(input, model, signal),
    tokenizer_info: () => tellTokenizerInfo(model),
    attribution: (input) => attributeTokens(input, model, signal),
    choices: (input) => scoreChoices(input, model, signal),
    vocabulary: (input) => listVocabulary(input, model, signal),
    tokenize: (input) => tokenize(input, model, signal),
  };
  return yield* withQueueTime(table[kind](input), queuedMs);
}

async function* withQueueTime<T>(slices: Sliced<T>, queued_ms: number): Sliced<T> {
  const value = yield* slices;
  if (typeof value !== "object" || value === null || !("timing" in value)) return value;
  return { ...value, timing: { ...(value.timing as object), queued_ms } };
}

/** Throws model_changed where a request is made for another model than the one that serves: its ids may mean other
 * tokens, and its answer would stand among another model's. */
function checkModel({ model_key }: ForModel, model: LanguageModel): void {
  if (model_key === undefined || model_key === null || model_key === model.modelKey) return;
  const message =
    `Another model answers now: ${model.id} (${model.device}, ${model.arithmetic}). Ask it anew.`;
  throw fault("model_changed", message, "model_key");
}

// deno-lint-ignore require-yield -- a job of one slice
async function* tellTokenizerInfo({ tokenizerInfo }: LanguageModel): Sliced<LanguageModel["tokenizerInfo"]> {
  return await Promise.resolve(tokenizerInfo);
}
