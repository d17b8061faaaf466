// What a converter makes of a tokenizer's files: the parts of tokenizer.json, before special tokens are put into it.
import { isRecord } from "../../basics/is_record.ts";
import { tokenContentOf } from "../../basics/token_content_of.ts";
import { fault } from "../../fault.ts";
import type { Component } from "../file/component.ts";
import type { TokenizerConfig } from "../tokenizer_config.ts";

export interface Draft {
  readonly model: Readonly<Record<string, unknown>>;
  readonly normalizer: Component | null;
  readonly pre_tokenizer: Component | null;
  readonly decoder: Component;
  /** tokenizer_config.json with what the class and the file say where it says nothing. */
  readonly config: TokenizerConfig;
  /** Special tokens that the file itself lists, in the order of their ids. */
  readonly listed?: readonly string[];
  /** Tokens with a name are found as plain ones in the end, whatever the config says of them. */
  readonly plain?: boolean;
  /** Tokens that the config gives an id are found in the text as it is written, whatever it says of them. */
  readonly asWritten?: boolean;
  /** What is put around a text: by default BOS and EOS where the config asks for them (`add_bos_token`,
   * `add_eos_token`). */
  readonly around?: { readonly first: string; readonly last: string };
}

/** The bytes of a folder's files, by their names. */
export type TokenizerFiles = Readonly<Record<string, Uint8Array>>;

/** Error for files that are not converted, with the reason in a few words. */
export function notConvertedError(why: string): Error {
  return fault("unsupported", why);
}

/** A pipeline's part of the given type. */
export function createPart(type: string, options: Readonly<Record<string, unknown>> = {}): Component {
  return { type, ...options };
}

/** BPE's options where nothing is said. */
export const PLAIN_BPE = {
  type: "BPE",
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
};

/** Bytes as characters, cut by GPT-2's rule where `use_regex`. */
export function createByteLevel(add_prefix_space: boolean, use_regex: boolean): Component {
  return createPart("ByteLevel", { add_prefix_space, trim_offsets: true, use_regex });
}

/** Characters as bytes again: a decoder looks at none of the options, but the file must have them. */
export const BYTE_LEVEL_DECODER = createByteLevel(true, true);

/** How cl100k and its heirs cut a text: into words with what is before them, numbers by the rule `number`, and the
 * rest. */
export function createWordRule(number: string): string {
  return [
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)",
    "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+",
    number,
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*",
    "\\s*[\\r\\n]+",
    "\\s+(?!\\S)",
    "\\s+",
  ].join("|");
}

/** A rule that cuts a text into matches and what is between them, and bytes as characters after it. */
export function splitToBytes(rule: string, add_prefix_space = false): Component {
  const split = createPart("Split", { pattern: { Regex: rule }, behavior: "Isolated", invert: false });
  return createPart("Sequence", { pretokenizers: [split, createByteLevel(add_prefix_space, false)] });
}

/** The texts of the tokens that the config gives an id, by their ids. */
export function mapTokensById(config: TokenizerConfig): Map<number, string> {
  const { added_tokens_decoder: decoder } = config;
  const entries = Object.entries(isRecord(decoder) ? decoder : {});
  return new Map(entries.map(([id, token]) => [Number(id), tokenContentOf(token) ?? ""]));
}
