// What all choices of a request share: how they are drawn, listed and ended.
import { clientOf } from "../http/client.ts";
import { apiFault } from "../http/errors.ts";
import type { Context } from "fresh";
import type { z } from "zod";
import type { State } from "../../define.ts";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import { unknownTokenError } from "../../fault.ts";
import { PARAMETER_LIST } from "../../sampling/params.ts";
import type { ModelFacts } from "../../wire/token.ts";
import type { JsonBytes, LogprobsInput, ReadPromptInput, ReadPromptResult } from "../../wire/sample.ts";
import type { ChoiceInput } from "./choice.ts";
import { type completionFields, MOST_LISTED, paramsOf } from "./fields.ts";

type Fields = z.output<z.ZodObject<typeof completionFields>>;

/** What the choices of a prompt are drawn with. Throws unknown_token for an id in a setting that the model lacks. */
export function choiceInput(
  request: Fields & Partial<ListRequest> & Pick<ChoiceInput, "breaker_texts">,
  model: ModelFacts,
  { max_tokens, echo, logprobs }: {
    readonly max_tokens: number | null;
    readonly echo: boolean;
    readonly logprobs: LogprobsInput | null;
  },
): ChoiceInput {
  checkIds(request, model);
  const params = paramsOf(request);
  const most = max_tokens ?? Infinity;
  return {
    params: { ...params, stop_sequences: [] }, // looked for where the text is made
    constraint: request.constraint,
    max_tokens: most,
    min_tokens: request.min_tokens,
    ignore_end: request.ignore_eos,
    stop: params.stop_sequences,
    stop_ids: request.stop_token_ids,
    show_stop: request.include_stop_str_in_output,
    allowed_ids: request.allowed_token_ids ?? null,
    breaker_texts: request.breaker_texts,
    logprobs,
    show_special: !request.skip_special_tokens,
    echo,
  };
}

/** Here, because nothing else looks at the settings of a request that draws no token. */
function checkIds(request: Fields & ListRequest, { model_id, vocab_size }: ModelFacts): void {
  const unknown = (id: number, field: string) =>
    unknownTokenError(id, { id: model_id, vocabSize: vocab_size }, field);
  const lists = PARAMETER_LIST.filter(([, { kind }]) => kind === "ids").map(([name]) => name);
  for (const name of ["stop_token_ids", "allowed_token_ids", "logprob_token_ids", ...lists] as const) {
    const ids = (request[name] ?? []) as readonly number[];
    if (ids.length === 0 && /^(allowed|logprob)/.test(name) && request[name] !== undefined) {
      throw apiFault("invalid_request", `${name} must have at least one token id.`, name);
    }
    const bad = ids.findIndex((id) => id >= vocab_size);
    if (bad >= 0) throw unknown(ids[bad]!, `${name}[${bad}]`);
  }
  const biased = Object.keys(request.logit_bias as object).map(Number);
  const bad = biased.find((id) => id >= vocab_size);
  if (bad !== undefined) throw unknown(bad, `logit_bias.${bad}`);
}

/** The same for choice `index` of its prompt: another seed, else all of them would be one text. */
export function withChoiceSeed(input: ChoiceInput, index: number): ChoiceInput {
  const { seed } = input.params;
  if (seed === null || index === 0) return input;
  return { ...input, params: { ...input.params, seed: seed + index } };
}

/** A prompt for the worker, as text or ids. */
export function promptInput(
  prompt: string | readonly number[],
  { texts, add_special_tokens }: Pick<ReadPromptInput, "texts" | "add_special_tokens">,
): ReadPromptInput {
  const isText = typeof prompt === "string";
  return {
    model_key: null,
    prompt: isText ? prompt : "",
    prompt_ids: isText ? null : prompt,
    ...{ messages: null, tools: null, documents: null, chat_template_kwargs: {} },
    ...{ system_prompt: "", use_chat_template: false },
    ...{ add_generation_prompt: false, continue_final_message: false, texts, add_special_tokens },
  };
}

/** The asked log-probabilities of the prompt, written; undefined where none are asked for. */
export async function promptLogprobsOf(
  engine: Pick<Engine, "submit">,
  { model: { model_key, vocab_size }, ids }: ReadPromptResult,
  count: number | undefined,
  options: SubmitOptions,
): Promise<JsonBytes | undefined> {
  if (count === undefined) return undefined;
  const top = listedLimitOf(count, vocab_size);
  checkListed(ids.length, top, "prompt_logprobs");
  return (await engine.submit("prompt_logprobs", { model_key, ids, top }, options)).json;
}

/** How many tokens are drawn at most where a request says so many; null: until the text or the context ends, for which
 * llama.cpp's clients send -1. */
export function readDrawLimit(tokens: number): number | null {
  return tokens < 0 ? null : tokens;
}

/** How many tokens are listed where `count` are asked for; -1: all. */
export function listedLimitOf(count: number, vocabulary: number): number {
  return count === -1 ? vocabulary : Math.min(count, vocabulary);
}

/** Throws invalid_request for options of a stream where none is asked for. */
export function checkStreamOptions(
  { stream, stream_options }: Pick<Fields, "stream" | "stream_options">,
): void {
  if (stream || stream_options === undefined) return;
  throw apiFault("invalid_request", "stream_options are of a stream: send stream true.", "stream_options");
}

/** Throws invalid_request for lists that are asked for where there are none. `listed`: log-probabilities are asked
 * for. */
export function checkLists(
  { stream, prompt_logprobs, logprob_token_ids }: ListRequest,
  listed: boolean,
): void {
  if (stream && prompt_logprobs !== undefined) {
    throw apiFault(
      "invalid_request",
      "prompt_logprobs are not streamed: leave stream out.",
      "prompt_logprobs",
    );
  }
  if (logprob_token_ids !== undefined && !listed) {
    throw apiFault("invalid_request", "logprob_token_ids needs logprobs.", "logprob_token_ids");
  }
}

interface ListRequest {
  readonly stream: boolean;
  readonly prompt_logprobs?: number | undefined;
  readonly logprob_token_ids?: readonly number[] | undefined;
}

/** Throws invalid_request where an answer would list more log-probabilities than it can hold. */
export function checkListed(tokens: number, top: number, field = "logprobs"): void {
  if (tokens * (top + 1) <= MOST_LISTED) return;
  const message =
    `${tokens} tokens with ${top} log-probabilities each are more than the ${MOST_LISTED} that one ` +
    "answer lists. Ask for fewer, or in several requests.";
  throw apiFault("invalid_request", message, field);
}

/** Who asks, and a signal that also aborts when a stream is left. */
export function optionsOf(ctx: Context<State>, left?: AbortSignal): SubmitOptions {
  const { req } = ctx;
  const { client } = clientOf(ctx);
  return { client, signal: left === undefined ? req.signal : AbortSignal.any([req.signal, left]) };
}
