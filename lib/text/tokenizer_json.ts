// tokenizer.json and tokenizer_config.json. Names are those of the files. `truncation` and `padding` are read and not
// done: they are left from how a model was trained, and Transformers switches them off when it encodes a prompt.
import { isRecord } from "../basics/is_record.ts";
import { messageOf } from "../basics/message_of.ts";
import {
  type Component,
  countOption,
  flagOption,
  idOption,
  nameOption,
  readComponent,
  textOption,
  unsupportedError,
  unusable,
} from "./file/component.ts";

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  /** It is looked for in the normalized text, itself normalized. */
  readonly normalized: boolean;
  /** It takes the white space before it. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** It is none inside a word. */
  readonly single_word: boolean;
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
  const { model, added_tokens, version } = json;
  if (!isRecord(model)) throw unusable("tokenizer.json", 'it has no "model"');
  if (version !== undefined && version !== "1.0") {
    throw unsupportedError(`the version ${JSON.stringify(version)}`);
  }
  const unknown = Object.keys(json).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw unsupportedError(`a key ${JSON.stringify(unknown)}`);
  if (added_tokens !== undefined && !Array.isArray(added_tokens)) {
    throw unusable("tokenizer.json", 'its "added_tokens" are not a list');
  }
  checkTruncation(json.truncation);
  checkPadding(json.padding);
  return {
    model,
    added_tokens: (added_tokens ?? []).map(readAddedToken),
    normalizer: readComponent(json.normalizer, "normalizer"),
    pre_tokenizer: readComponent(json.pre_tokenizer, "pre_tokenizer"),
    post_processor: readComponent(json.post_processor, "post_processor"),
    decoder: readComponent(json.decoder, "decoder"),
  };
}

/** All that the file may hold; the reference refuses others. */
const KEYS = [
  ...["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor"],
  ...["decoder", "model"],
];

function readAddedToken(value: unknown): AddedToken {
  const token = options(value, "added token");
  return {
    id: idOption(token, "id"),
    content: textOption(token, "content"),
    special: flagOption(token, "special"),
    normalized: flagOption(token, "normalized"),
    lstrip: flagOption(token, "lstrip"),
    rstrip: flagOption(token, "rstrip"),
    single_word: flagOption(token, "single_word"),
  };
}

function options(value: unknown, type: string): Component {
  if (isRecord(value)) return { ...value, type };
  throw unusable("tokenizer.json", `its ${type} is no object`);
}

const DIRECTIONS = ["Left", "Right"] as const;

function checkTruncation(value: unknown): void {
  if (value === null || value === undefined) return;
  const truncation = options(value, "truncation");
  countOption(truncation, "max_length");
  countOption(truncation, "stride");
  nameOption(truncation, "strategy", ["LongestFirst", "OnlyFirst", "OnlySecond"]);
  nameOption(truncation, "direction", DIRECTIONS, "Right");
}

function checkPadding(value: unknown): void {
  if (value === null || value === undefined) return;
  const padding = options(value, "padding");
  const { strategy } = padding;
  if (isRecord(strategy) && Object.keys(strategy).length === 1) {
    countOption({ type: "padding", ...strategy }, "Fixed");
  } else nameOption(padding, "strategy", ["BatchLongest"]);
  nameOption(padding, "direction", DIRECTIONS);
  if (padding.pad_to_multiple_of !== null) countOption(padding, "pad_to_multiple_of", 0);
  idOption(padding, "pad_id");
  idOption(padding, "pad_type_id");
  textOption(padding, "pad_token");
}

/** Tokens that tokenizer_config.json names (eos_token, ...) are special, and found in a text, even where
 * tokenizer.json lists them only as ordinary ones; so does Transformers at load. */
export function addNamedSpecials(
  listed: readonly AddedToken[],
  config: TokenizerConfig,
  vocabulary: ReadonlyMap<string, number>,
): AddedToken[] {
  const names = readNamedSpecials(config);
  const known = new Set(listed.map((token) => token.content));
  const more = [...names].filter((name) => !known.has(name)).flatMap((content) => {
    const id = vocabulary.get(content);
    const plain = { normalized: false, lstrip: false, rstrip: false, single_word: false };
    return id === undefined ? [] : [{ id, content, special: true, ...plain }];
  });
  return [...listed.map((token) => names.has(token.content) ? { ...token, special: true } : token), ...more];
}

/** Checks tokenizer_config.json; a model without one has an empty one. */
export function readTokenizerConfig(json: unknown): TokenizerConfig {
  if (json === null || json === undefined) return {};
  if (!isRecord(json)) throw unusable("tokenizer_config.json", "it holds no JSON object");
  return json;
}

/** Text of a special token in tokenizer_config.json, where it is a string or an object with `content`. */
function tokenText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return isRecord(value) && typeof value.content === "string" ? value.content : null;
}

/** The special tokens that tokenizer_config.json names and sets, by name (`eos_token`, `image_token`, those of
 * `extra_special_tokens`, ...), as templates read them. */
export function readNamedTokens(config: TokenizerConfig): Record<string, string | string[]> {
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
function readNamedSpecials(config: TokenizerConfig): Set<string> {
  return new Set(Object.values(readNamedTokens(config)).flat());
}
