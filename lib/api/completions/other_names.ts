// Fields of requests by the names that other servers gave them (llama.cpp, vLLM, text-generation-webui, OpenAI), in our
// own words. What a field asks for is done or refused by name: a client that sends it must not believe otherwise.
import { findOwn } from "../../basics/find_own.ts";
import { isRecord } from "../../basics/is_record.ts";
import { apiFault } from "../http/errors.ts";
import { describeUnknownField } from "../http/parse.ts";
import type { SentNames } from "./sent_names.ts";

type Body = Readonly<Record<string, unknown>>;

/** The fields that a foreign one stands for; `body` is the whole request. */
type Translation = (value: unknown, body: Body, name: string) => Body;

const renameTo = (as: string): Translation => (value) => ({ [as]: value });

type Translations = Readonly<Record<string, Translation>>;

/** A field that changes nothing of an answer here. */
const harmless: Translation = () => ({});

/** A field of which only some values mean what is done here. */
function allowOnly(values: readonly unknown[], because: string): Translation {
  return (value, _, name) => {
    const same = values.some((one) => JSON.stringify(one) === JSON.stringify(value));
    if (same) return {};
    const allowed = values.map((one) => JSON.stringify(one)).join(" or ");
    throw apiFault("invalid_request", `${name} must be ${allowed} here: ${because}.`, name);
  };
}

const refuse = (instead: string): Translation => (_, __, name) => {
  throw apiFault("invalid_request", `${name} is not supported here. ${instead}`, name);
};

/** llama.cpp and text-generation-webui: 0 switches penalties off, -1 looks at the whole context. */
const penaltyRange: Translation = (value) => {
  if (value === -1) return { penalty_last_n: 0 };
  return value === 0
    ? { repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0 }
    : { penalty_last_n: value };
};

const repeatPenalty: Translation = (value, { repeat_last_n, repetition_penalty_range }) =>
  (repeat_last_n ?? repetition_penalty_range) === 0 ? {} : { repetition_penalty: value };

const mirostatMode: Translation = (value, _, name) => {
  if (value === 2) return {};
  if (value === 0) return { mirostat_tau: 0 };
  throw apiFault("invalid_request", `${name} must be 0 (off) or 2: version 1 is not supported here.`, name);
};

/** OpenAI's name of llama.cpp's n_probs, which wins. */
const asProbs: Translation = (value, { n_probs }) =>
  (n_probs ?? null) !== null ? {} : { n_probs: typeof value === "boolean" ? Number(value) : value };

/** Sampling parameters and what belongs to them. A later translation wins over a field of the same name. */
const SAMPLING: Readonly<Record<string, Translation>> = {
  stop: (value) => ({ stop_sequences: typeof value === "string" ? [value] : value }),
  repeat_penalty: repeatPenalty,
  rep_pen: repeatPenalty,
  repeat_last_n: penaltyRange,
  repetition_penalty_range: penaltyRange,
  typical: renameTo("typical_p"),
  typ_p: renameTo("typical_p"),
  tfs: allowOnly([1], "tail-free sampling is not one of the stages"),
  tfs_z: allowOnly([1], "tail-free sampling is not one of the stages"),
  mirostat: mirostatMode,
  mirostat_mode: mirostatMode,
  dynamic_temperature: harmless, // dynatemp_range says the same
  dynatemp_low: harmless,
  dynatemp_high: harmless,
  do_sample: (value) => value === false ? { greedy: true } : {},
  ban_eos_token: renameTo("ignore_eos"),
  min_keep: allowOnly([0], "filters always keep at least one token"),
  penalize_nl: allowOnly([true], "a newline is penalised as every token"),
  dry_penalty_last_n: (value) =>
    value === 0 ? { dry_multiplier: 0 } : { dry_last_n: value === -1 ? 0 : value },
  use_beam_search: allowOnly([false], "there is no beam search"),
  length_penalty: allowOnly([1], "there is no beam search"),
  early_stopping: allowOnly([false], "there is no beam search"),
};

const jsonSchema = (schema: unknown) => ({
  constraint: {
    enabled: true,
    type: "json_schema",
    schema: typeof schema === "string" ? schema : JSON.stringify(schema),
  },
});

const grammar: Translation = (value) =>
  value === "" ? {} : { constraint: { enabled: true, type: "cfg", schema: value } };

const responseFormat: Translation = (value, _, name) => {
  const type = isRecord(value) ? value.type : undefined;
  if (type === "text") return {};
  if (type === "json_object") {
    return jsonSchema(isRecord(value) && isRecord(value.schema) ? value.schema : { type: "object" });
  }
  const inner = isRecord(value)
    ? isRecord(value.json_schema) ? value.json_schema.schema : value.schema // llama.cpp's server documents both
    : undefined;
  if (type === "json_schema" && inner !== undefined) return jsonSchema(inner);
  const message = `${name} must be {"type": "text"}, {"type": "json_object"} or ` +
    `{"type": "json_schema", "json_schema": {"schema": …}}.`;
  throw apiFault("invalid_request", message, name);
};

const structuredOutputs: Translation = (value, _, name) => {
  const given = isRecord(value) ? Object.entries(value).filter(([, part]) => part !== null) : [];
  const [kind, part] = given[0] ?? [];
  if (given.length === 1) {
    if (kind === "json") return jsonSchema(part);
    if (kind === "json_object") return jsonSchema({ type: "object" });
    if (kind === "regex") return { constraint: { enabled: true, type: "regex", schema: part } };
    if (kind === "grammar") return grammar(part, {}, name);
    if (kind === "choice") {
      return { constraint: { enabled: true, type: "multiple_choice", schema: JSON.stringify(part) } };
    }
  }
  const message = `${name} must hold one of json, json_object, regex, choice and grammar.`;
  throw apiFault("invalid_request", message, name);
};

/** llama.cpp: {} is any JSON; beside a grammar that is sent, an empty one too, it is none. */
const llamaSchema: Translation = (value, { grammar }) => {
  const isEmpty = isRecord(value) && Object.keys(value).length === 0;
  return isEmpty && typeof grammar === "string" ? {} : jsonSchema(value);
};

/** What the text must look like. */
const CONSTRAINTS: Readonly<Record<string, Translation>> = {
  grammar,
  grammar_string: grammar,
  json_schema: llamaSchema,
  response_format: responseFormat,
  structured_outputs: structuredOutputs,
  guided_json: refuse("Use structured_outputs or response_format."),
  guided_regex: refuse("Use structured_outputs."),
  guided_choice: refuse("Use structured_outputs."),
  guided_grammar: refuse("Use structured_outputs."),
};

/** What is said about the client, its account or the server's memory. */
const HARMLESS = [
  ...["user", "metadata", "service_tier", "safety_identifier", "prompt_cache_key"],
  ...[
    "prompt_cache_retention",
    "prompt_cache_options",
    "request_id",
    "priority",
    "cache_prompt",
    "id_slot",
    "n_ctx",
    "n_keep",
  ],
  ...["max_context_length", "truncation_length"],
  ...["parallel_tool_calls", "api_key", "session_id"],
  ...[
    "cache_salt",
    "n_discard",
    "n_cache_reuse",
    "sse_ping_interval",
    "backend_sampling",
    "preserved_tokens",
  ],
  ...["slot_id", "data_parallel_rank"],
  // Drafts change no distribution.
  ...["speculative.n_max", "speculative.n_min", "speculative.p_min", "speculative.type", "speculative.types"],
  ...["speculative.ngram_size_n", "speculative.ngram_size_m", "speculative.ngram_m_hits"],
  // Of a budget that is off: reasoning_budget_tokens says so.
  ...["reasoning_budget_start_tag", "reasoning_budget_end_tag", "reasoning_budget_end_tags"],
  ...["reasoning_budget_message", "reasoning_budget_arm_immediately"],
] as const;

/** llama.cpp's word for the most tokens, which wins over each of OpenAI's, as there. */
const maxTokens: Translation = (value, { max_completion_tokens }) => ({
  [(max_completion_tokens ?? null) === null ? "max_tokens" : "max_completion_tokens"]: value,
});

/** Without tools there is no call to choose. */
const toolChoice: Translation = (value, body, name) => {
  if (value === "none" && !(Array.isArray(body.tools) && body.tools.length > 0)) return {};
  return allowOnly(["auto"], "the model's words are given as they are, and no call is read from them")(
    value,
    body,
    name,
  );
};

const FEATURES: Readonly<Record<string, Translation>> = {
  spaces_between_special_tokens: harmless, // the tokenizer's own text is given
  prompt_logprobs: refuse("/v1/completions has it."),
  best_of: (value, { n }, name) => {
    if (value === (n ?? 1)) return {};
    const message = `${name} must be the same as n here; /v1/completions answers the best of more.`;
    throw apiFault("invalid_request", message, name);
  },
  truncate_prompt_tokens: refuse("Text is never cut: shorten the prompt."),
  detokenize: allowOnly([true], "completions are text"),
  grammar_lazy: allowOnly([false], "a grammar holds from the first token on"),
  image_data: allowOnly([[]], "only text is read"),
  prompt_embeds: refuse("Send text or token ids."),
  kv_transfer_params: refuse("Nothing is computed elsewhere."),
  suffix: allowOnly([""], "the model goes on with a text and does not fill one in"),
  lora: allowOnly([[]], "there are no adapters"),
  logprob_token_ids: refuse("/v1/completions has it."),
  bad_words: allowOnly([[]], "use logit_bias"),
  tool_choice: toolChoice,
  functions: refuse("Use tools."),
  function_call: refuse("Use tools."),
  timings_per_token: allowOnly([false], "/completion has it"),
  return_progress: allowOnly([false], "/completion has it"),
  adaptive_target: allowOnly([-1], "adaptive-p is not one of the stages"),
  adaptive_decay: harmless, // of what is off
  reasoning_budget_tokens: allowOnly([-1], "the model's words are given as they are"),
  reasoning_control: allowOnly([false], "the model's words are given as they are"),
  store: allowOnly([false], "no completion is kept"),
  moderation: refuse("Nothing is judged here."),
  grammar_triggers: allowOnly([[]], "a grammar holds from the first token on"),
  n_cmpl: renameTo("n"),
  n_predict: maxTokens,
  logprobs: asProbs,
  // On these paths a text has no template and no message before it.
  echo: allowOnly([false], "/v1/completions answers with the prompt before the text"),
  add_special_tokens: allowOnly([false], "what the chat template wrote is read as it is"),
  t_max_predict_ms: allowOnly([0, -1], "a text does not end by the clock: use max_tokens"),
  n_indent: allowOnly([0], "a text does not end by its indentation: use stop"),
  reasoning_format: allowOnly(["none", "auto"], "the model's words are given as they are"),
  include_reasoning: allowOnly([true], "the model's words are given as they are"),
  verbosity: allowOnly(["medium"], "the model is not told how much to write"),
  stream_interval: allowOnly([1], "every token is an event of its own"),
  audio: refuse("Only text is read and written."),
  modalities: allowOnly([["text"]], "only text is written"),
  prediction: refuse("It is an optimisation of other servers; leave it out."),
  reasoning_effort: refuse("Send chat_template_kwargs with what the model's template reads."),
  web_search_options: refuse("Nothing is fetched from the network here."),
};

/** Fields that mean nothing for what is asked, whatever that is. */
export const MEANINGLESS: Translations = Object.fromEntries(HARMLESS.map((name) => [name, harmless]));

const OF_COMPLETIONS: Translations = { ...SAMPLING, ...CONSTRAINTS, ...MEANINGLESS, ...FEATURES };

/** A request in our own words, and what they stand for. */
interface Translated {
  readonly words: Body;
  readonly names: SentNames;
}

/** A request in our own words: without fields that are null, foreign names translated. Throws invalid_request where the
 * body is no object, for a field neither among `own` nor in `known`, and for values that cannot be done here. */
export function toOwnWords(
  body: unknown,
  own: ReadonlySet<string>,
  known: Translations = OF_COMPLETIONS,
): Translated {
  if (!isRecord(body)) throw apiFault("invalid_request", "The body must be a JSON object.");
  const words: Record<string, unknown> = {};
  const names = new Map<string, string>();
  const foreign: (readonly [string, unknown])[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === null) continue;
    if (own.has(name)) words[name] = name === "top_k" && value === -1 ? 0 : value; // vLLM's word for off
    else foreign.push([name, value]);
  }
  for (const [name, value] of foreign) {
    const translate = findOwn(known, name);
    if (translate === undefined) {
      throw apiFault("invalid_request", describeUnknownField(name, [...own, ...Object.keys(known)]), name);
    }
    const fields = translate(value, body, name);
    if (fields.constraint !== undefined && words.constraint !== undefined) {
      const message =
        `${name} stands beside another field that says what the text must look like. Send one of them.`;
      throw apiFault("invalid_request", message, name);
    }
    Object.assign(words, fields);
    for (const field of Object.keys(fields)) names.set(field, name);
  }
  return { words, names };
}
