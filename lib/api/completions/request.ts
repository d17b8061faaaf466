// What all choices of a request share: how they are drawn, listed and ended.
import { clientOf } from "../http/client.ts";
import { apiFault } from "../http/errors.ts";
import type { Context } from "fresh";
import type { z } from "zod";
import type { State } from "../../define.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import { unknownToken } from "../../fault.ts";
import { PARAMETER_LIST } from "../../sampling/params.ts";
import type { ModelFacts } from "../../wire/token.ts";
import type { LogprobsInput, ReadPromptInput } from "../../wire/sample.ts";
import type { ChoiceInput } from "./choice.ts";
import { type completionFields, MOST_LISTED, paramsOf } from "./fields.ts";

type Fields = { readonly [Name in keyof typeof completionFields]: z.output<typeof completionFields[Name]> };

/** What the choices of a prompt are drawn with. Throws unknown_token for an id in a setting that the model lacks. */
export function choiceInput(
  request: Fields,
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
    min_tokens: request.ignore_eos ? Infinity : request.min_tokens,
    stop: params.stop_sequences,
    stop_ids: request.stop_token_ids,
    logprobs,
    show_special: !request.skip_special_tokens,
    echo,
  };
}

/** Here, because nothing else looks at the settings of a request that draws no token. */
function checkIds(request: Fields, { model_id, vocab_size }: ModelFacts): void {
  const unknown = (id: number, field: string) =>
    unknownToken(id, { id: model_id, vocabSize: vocab_size }, field);
  const lists = PARAMETER_LIST.filter(([, { kind }]) => kind === "ids").map(([name]) => name);
  for (const name of ["stop_token_ids", ...lists] as const) {
    const ids = request[name] as readonly number[];
    const bad = ids.findIndex((id) => id >= vocab_size);
    if (bad >= 0) throw unknown(ids[bad]!, `${name}[${bad}]`);
  }
  const biased = Object.keys(request.logit_bias as object).map(Number);
  const bad = biased.find((id) => id >= vocab_size);
  if (bad !== undefined) throw unknown(bad, `logit_bias.${bad}`);
}

/** The same for choice `index` of its prompt: another seed, else all of them would be one text. */
export function ofChoice(input: ChoiceInput, index: number): ChoiceInput {
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

/** Throws invalid_request where an answer would list more log-probabilities than it can hold. */
export function checkListed(tokens: number, top: number): void {
  if (tokens * (top + 1) <= MOST_LISTED) return;
  const message =
    `${tokens} tokens with ${top} log-probabilities each are more than the ${MOST_LISTED} that one ` +
    "answer lists. Ask for fewer, or in several requests.";
  throw apiFault("invalid_request", message, "logprobs");
}

/** Who asks, and a signal that also aborts when a stream is left. */
export function optionsOf({ req, info }: Context<State>, left?: AbortSignal): SubmitOptions {
  const { client } = clientOf(req, info.remoteAddr);
  return { client, signal: left === undefined ? req.signal : AbortSignal.any([req.signal, left]) };
}
