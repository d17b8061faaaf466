// What config.json, generation_config.json and tokenizer_config.json say about a model, whatever its family calls
// it. Pure functions over parsed JSON; a field that is not there is null.
import { findOwn } from "../../basics/find_own.ts";
import { isRecord } from "../../basics/is_record.ts";
import { SPECIAL_TOKEN_NAMES } from "../../basics/special_token_names.ts";
import { tokenContentOf } from "../../basics/token_content_of.ts";
import { fault } from "../../fault.ts";
import { KnownTokens } from "../../basics/token_ids.ts";
import type { JsonObject } from "./types.ts";

/** What a model may need beside text. */
export const OTHER_SENSES = ["vision", "audio", "speech"];

/** Throws model_failed, with the reason, for a model that is not a decoder-only text model. Where the config does not
 * say what it is, its graph has to show it. */
export function refuseOtherKinds(id: string, config: JsonObject): void {
  const { model_type: type } = config;
  const refuse = (reason: string) => {
    throw fault(
      "model_failed",
      `${id}${
        typeof type === "string" ? ` (${type})` : ""
      } cannot run here: ${reason}. Choose a decoder-only text model.`,
    );
  };
  if (config.is_encoder_decoder === true) refuse("it is an encoder-decoder model");
  for (const sense of OTHER_SENSES) {
    if (isRecord(config[`${sense}_config`])) refuse(`it needs ${sense} inputs`);
  }
  const architecture = Array.isArray(config.architectures) ? config.architectures[0] : null;
  const task = typeof architecture === "string" ? /For([A-Z]\w*)$/.exec(architecture)?.[1] : undefined;
  if (task !== undefined && task !== "CausalLM") {
    refuse(`its architecture ${architecture} does not write text`);
  }
}

/** End-of-text ids without repeats: the generation config's, the config's, then the tokenizer's `eos_token`. */
export function readEosTokenIds(
  config: JsonObject,
  generationConfig: JsonObject | null,
  tokenizerConfig: JsonObject,
  tokenizerJson: JsonObject,
): number[] {
  const named = findTokenId(tokenContentOf(tokenizerConfig.eos_token), tokenizerJson);
  const all = [
    ...listIds(generationConfig?.eos_token_id),
    ...listIds(textConfigOf(config).eos_token_id),
    ...(named === null ? [] : [named]),
  ];
  return [...new Set(all)];
}

const CONTEXT_FIELDS = [
  "max_position_embeddings",
  "n_positions",
  "n_ctx",
  "max_sequence_length",
  "max_seq_len",
  "seq_length",
];

/** Tokens a context may hold: the config's limit, else the tokenizer's, else 2048. */
export function readContextLength(config: JsonObject, tokenizerConfig: JsonObject): number {
  for (const field of CONTEXT_FIELDS) {
    const length = readCount(textConfigOf(config)[field]);
    if (length !== null) return length;
  }
  const length = readCount(tokenizerConfig.model_max_length);
  // Tokenizers without a limit write 10^30.
  return length !== null && length < 1e8 ? length : 2048;
}

/** The tokenizer's config with special_tokens_map.json in it, and beside it that file and added_tokens.json by
 * themselves (`special_tokens_map_file`, `added_tokens_file`), as Transformers reads them: in folders written before
 * `added_tokens_decoder`, where that wins. */
export function withOlderFiles(
  tokenizerConfig: JsonObject,
  map: JsonObject | null,
  addedTokens: JsonObject | null,
): JsonObject {
  if ("added_tokens_decoder" in tokenizerConfig) return tokenizerConfig;
  const added = addedTokens === null ? {} : { added_tokens_file: addedTokens };
  if (map === null) return { ...tokenizerConfig, ...added };
  const { extra_special_tokens: mapped, ...others } = map;
  const { extra_special_tokens: own, ...config } = {
    ...tokenizerConfig,
    ...pickNew(others, tokenizerConfig),
  };
  return {
    ...{ ...config, ...added, special_tokens_map_file: map },
    extra_special_tokens: { ...isRecord(own) ? own : {}, ...isRecord(mapped) ? mapped : {} },
    additional_special_tokens: mergeUnnamed(tokenizerConfig, map),
  };
}

/** The special tokens without names: those that the config itself lists, with those that the map lists as extra ones,
 * or where neither does, as additional ones. */
function mergeUnnamed(config: JsonObject, map: JsonObject): unknown {
  const { extra_special_tokens: extra, additional_special_tokens: additional } = config;
  const isNamed = isRecord(extra) && Object.keys(extra).length > 0;
  const isListed = Array.isArray(extra) && extra.length > 0;
  const own = isNamed ? undefined : isListed ? extra : additional;
  const { extra_special_tokens: mapped, additional_special_tokens: rest = isNamed ? additional : undefined } =
    map;
  if (isRecord(mapped)) return rest;
  return Array.isArray(mapped)
    ? [...Array.isArray(own) ? own : [], ...mapped.map(asSpecial)]
    : own === undefined
    ? rest
    : own;
}

/** The entries of special_tokens_map.json that count: all, but for names that only this model has and whose text the
 * config knows itself. */
function pickNew(map: JsonObject, config: JsonObject): JsonObject {
  const isKnown = (name: string) =>
    name.endsWith("_token") && !SPECIAL_TOKEN_NAMES.includes(name) && typeof config[name] === "string";
  const entries = Object.entries(map).filter(([name]) => !isKnown(name));
  return Object.fromEntries(entries.map(([name, token]) => [name, asSpecial(token)]));
}

function asSpecial(token: unknown): unknown {
  return isRecord(token) ? { ...token, special: true } : token;
}

/** The chat templates by their names, as Transformers finds them: those of `files` (a file without a name is
 * "default"), or where there is none those of tokenizer_config.json, which has one, a list of named ones, or an object
 * of them. */
export function readChatTemplates(
  { chat_template: own }: JsonObject,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  const written = Object.entries(files).filter(([, text]) => text.trim() !== "");
  if (written.length > 0) return Object.fromEntries(written);
  if (typeof own === "string") return { default: own };
  const entries: readonly (readonly [name: unknown, template: unknown])[] = isRecord(own)
    ? Object.entries(own)
    : (Array.isArray(own) ? own : []).filter(isRecord).map(({ name, template }) => [name, template]);
  const named = entries.flatMap(([name, template]) =>
    typeof name === "string" && typeof template === "string" ? [[name, template] as const] : []
  );
  return Object.fromEntries(named);
}

/** Count of weights by the config's sizes, for the two common families of layers (gated MLP with grouped heads;
 * GPT-2's 12 h² per layer with learned positions). Norms and biases are left out (< 0.1 %). null = unknown sizes. */
export function estimateParameters(whole: JsonObject): number | null {
  const config = textConfigOf(whole);
  const vocabulary = readCount(config.vocab_size);
  const hidden = readCount(config.hidden_size) ?? readCount(config.n_embd);
  const layers = readCount(config.num_hidden_layers) ?? readCount(config.n_layer);
  if (vocabulary === null || hidden === null || layers === null) return null;
  const inner = readCount(config.intermediate_size);
  const heads = readCount(config.num_attention_heads);
  if (inner === null || heads === null) {
    const positions = readCount(config.n_positions) ?? 0;
    return vocabulary * hidden + positions * hidden + layers * 12 * hidden ** 2;
  }
  const headSize = readCount(config.head_dim) ?? hidden / heads;
  const kvHeads = readCount(config.num_key_value_heads) ?? heads;
  const attention = 2 * hidden * heads * headSize + 2 * hidden * kvHeads * headSize;
  const embeddings = vocabulary * hidden * (config.tie_word_embeddings === false ? 2 : 1);
  return embeddings + layers * (attention + 3 * hidden * inner);
}

/** The part of a config that describes the text model; some families nest it. */
export function textConfigOf(config: JsonObject): JsonObject {
  return isRecord(config.text_config) ? { ...config, ...config.text_config } : config;
}

/** A positive whole number, or null. */
export function readCount(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}

function listIds(value: unknown): number[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((id): id is number => typeof id === "number" && Number.isSafeInteger(id) && id >= 0);
}

function findTokenId(text: string | null, tokenizerJson: JsonObject): number | null {
  if (text === null) return null;
  const added = Array.isArray(tokenizerJson.added_tokens) ? tokenizerJson.added_tokens.filter(isRecord) : [];
  const special = added.find((token) => token.content === text)?.id;
  if (typeof special === "number") return special;
  const vocabulary = isRecord(tokenizerJson.model) ? tokenizerJson.model.vocab : null;
  const id = vocabulary instanceof KnownTokens
    ? vocabulary.get(text)
    : isRecord(vocabulary)
    ? findOwn(vocabulary, text)
    : null;
  return typeof id === "number" ? id : null;
}
