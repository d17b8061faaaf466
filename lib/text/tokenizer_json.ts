// tokenizer.json and tokenizer_config.json as far as this program reads them itself; anything else is only handed on
// to the library. Names are those of the files.
import { isRecord } from "../basics/is_record.ts";
import { messageOf } from "../basics/message_of.ts";
import { fault } from "../fault.ts";

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special?: boolean;
  readonly [key: string]: unknown;
}

/** One element of a pipeline in the file: `type` names its class. */
export interface Component {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface TokenizerJson {
  readonly model: Readonly<Record<string, unknown>>;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: Component | null;
  readonly pre_tokenizer: Component | null;
  readonly post_processor: Component | null;
  readonly decoder: Component | null;
}

export type TokenizerConfig = Readonly<Record<string, unknown>>;

/** Error for a file of the model that cannot be used. */
export function unusable(file: string, why: string): Error {
  return fault("model_failed", `The file ${file} can't be used: ${why}.`);
}

/** Error for a tokenizer of a kind that this program doesn't know. */
export function unsupported(what: string): Error {
  return fault("unsupported", `The file tokenizer.json has ${what}, which is not supported.`);
}

/** Parses one of the model's JSON files; the error names the file and the place. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(file, `it is not valid JSON (${messageOf(error)})`);
  }
}

/** Checks the parts of tokenizer.json that this program relies on, and fills in the ones that may be absent. */
export function readTokenizerJson(json: unknown): TokenizerJson {
  if (!isRecord(json)) throw unusable("tokenizer.json", "it holds no JSON object");
  const { model, added_tokens } = json;
  if (!isRecord(model)) throw unusable("tokenizer.json", 'it has no "model"');
  if (!isRecord(model.vocab) && !Array.isArray(model.vocab)) {
    throw unusable("tokenizer.json", 'its model has no "vocab"');
  }
  if (model.type !== undefined && !["BPE", "Unigram", "WordPiece"].includes(String(model.type))) {
    throw unsupported(`a model of type ${model.type}`);
  }
  const component = (key: string): Component | null => {
    const value = json[key] ?? null;
    if (value === null || isRecord(value) && typeof value.type === "string") return value as Component | null;
    throw unusable("tokenizer.json", `its "${key}" has no "type"`);
  };
  if (added_tokens !== undefined && !(Array.isArray(added_tokens) && added_tokens.every(isAddedToken))) {
    throw unusable("tokenizer.json", 'its "added_tokens" are not a list of tokens with id and content');
  }
  return {
    model,
    added_tokens: added_tokens ?? [],
    normalizer: component("normalizer"),
    pre_tokenizer: component("pre_tokenizer"),
    post_processor: component("post_processor"),
    decoder: component("decoder"),
  };
}

function isAddedToken(value: unknown): value is AddedToken {
  return isRecord(value) && Number.isInteger(value.id) && typeof value.content === "string";
}

/** Checks tokenizer_config.json; a model without one has an empty one. */
export function readTokenizerConfig(json: unknown): TokenizerConfig {
  if (json === null || json === undefined) return {};
  if (!isRecord(json)) throw unusable("tokenizer_config.json", "it holds no JSON object");
  return json;
}

/** Text of a special token in tokenizer_config.json, where it is a string or an object with `content`. */
export function tokenText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return isRecord(value) && typeof value.content === "string" ? value.content : null;
}

/** The special tokens that tokenizer_config.json names and sets, by name (`eos_token`, `image_token`, those of
 * `extra_special_tokens`, ...), as templates read them. */
export function namedTokens(config: TokenizerConfig): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  const { extra_special_tokens: extra } = config;
  const own = Object.entries(isRecord(extra) ? extra : {});
  const other = Object.entries(config).filter(([name]) => name.endsWith("_token"));
  for (const [name, token] of [...other, ...own]) {
    const text = tokenText(token);
    if (text !== null) found[name] = text;
  }
  const { additional_special_tokens: more } = config;
  if (Array.isArray(more)) {
    found.additional_special_tokens = more.map(tokenText).filter((text) => text !== null);
  }
  return found;
}

/** The same as a set of strings. */
export function namedSpecials(config: TokenizerConfig): Set<string> {
  return new Set(Object.values(namedTokens(config)).flat());
}
