// tokenizer.json. Names are those of the files. `truncation` and `padding` are read and not
// done: they are left from how a model was trained, and Transformers switches them off when it encodes a prompt.
import { isRecord } from "../basics/is_record.ts";
import { messageOf } from "../basics/message_of.ts";
import {
  type Component,
  countOption,
  fileError,
  flagOption,
  idOption,
  nameOption,
  readComponent,
  textOption,
  unsupportedError,
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

/** Parses one of the model's JSON files. Throws a fault that names the file and the place. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fileError(file, `it is not valid JSON (${messageOf(error)})`);
  }
}

/** Checks the parts of tokenizer.json that this program relies on, and fills in the ones that may be absent. Throws
 * a fault for others. */
export function readTokenizerJson(json: unknown): TokenizerJson {
  if (!isRecord(json)) throw fileError("tokenizer.json", "it holds no JSON object");
  const { model, added_tokens, version } = json;
  if (!isRecord(model)) throw fileError("tokenizer.json", 'it has no "model"');
  if (version !== undefined && version !== "1.0") {
    throw unsupportedError(`the version ${JSON.stringify(version)}`);
  }
  const unknown = Object.keys(json).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw unsupportedError(`a key ${JSON.stringify(unknown)}`);
  if (added_tokens !== undefined && !Array.isArray(added_tokens)) {
    throw fileError("tokenizer.json", 'its "added_tokens" are not a list');
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
  const token = requireObject(value, "added token");
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

function requireObject(value: unknown, type: string): Component {
  if (isRecord(value)) return { ...value, type };
  throw fileError("tokenizer.json", `its ${type} is no object`);
}

const DIRECTIONS = ["Left", "Right"] as const;

function checkTruncation(value: unknown): void {
  if (value === null || value === undefined) return;
  const truncation = requireObject(value, "truncation");
  countOption(truncation, "max_length");
  countOption(truncation, "stride");
  nameOption(truncation, "strategy", ["LongestFirst", "OnlyFirst", "OnlySecond"]);
  nameOption(truncation, "direction", DIRECTIONS, "Right");
}

function checkPadding(value: unknown): void {
  if (value === null || value === undefined) return;
  const padding = requireObject(value, "padding");
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
