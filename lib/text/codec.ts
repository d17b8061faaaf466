// A model's tokenizer as this program uses it: ids, exact bytes, texts that add up, and places in the text. Splitting
// and merging is @huggingface/tokenizers; what differs there from the Rust library is corrected in corrections.ts.
import { Tokenizer } from "@huggingface/tokenizers";
import { messageOf } from "../basics/message_of.ts";
import type { Token } from "../wire/token.ts";
import { createTokenDecoder } from "./decoder.ts";
import {
  correctAddedSplits,
  correctAddedTokens,
  correctMerges,
  correctMetaspace,
  correctPatterns,
} from "./corrections.ts";
import { parseJson, readTokenizerConfig, readTokenizerJson, unusable } from "./tokenizer_json.ts";
import type { TokenizerConfig, TokenizerJson } from "./tokenizer_json.ts";
import type { EncodeOptions, TextCodec } from "./types.ts";
import { chunkTexts } from "./utf8.ts";

/** Reads a tokenizer from the text of its files; `configText` is null where the model has no tokenizer_config.json.
 * Throws faults (model_failed, unsupported) whose sentences name the file. */
export function parseTokenizer(tokenizerText: string, configText: string | null): TextCodec {
  const json = parseJson(tokenizerText, "tokenizer.json");
  return createTextCodec(json, configText === null ? {} : parseJson(configText, "tokenizer_config.json"));
}

/** A codec from parsed tokenizer.json and tokenizer_config.json. Throws faults (model_failed, unsupported). */
export function createTextCodec(tokenizerJson: unknown, tokenizerConfigJson: unknown): TextCodec {
  const config = readTokenizerConfig(tokenizerConfigJson);
  const json = correctMetaspace(correctAddedTokens(readTokenizerJson(tokenizerJson), config));
  const decoder = createTokenDecoder(json.decoder);
  const { tokens, encode } = createEncoder(json, config);
  const special = new Set(json.added_tokens.filter((token) => token.special).map((token) => token.id));
  const added = new Map(json.added_tokens.map((token) => [token.id, token.content]));
  const encoder = new TextEncoder();
  const has = (id: number) => tokens[id] !== undefined;
  const bytes = (id: number): Uint8Array => {
    const content = added.get(id);
    return content === undefined ? decoder.bytes(tokens[id] ?? "") : encoder.encode(content);
  };
  const makeToken = (id: number, text: string, display: string, offset: number): Token => {
    return { id, text, display, special: special.has(id), bytes: Array.from(bytes(id)), offset };
  };
  const texts = (ids: readonly number[]) => decoder.texts(ids.map((id) => tokens[id] ?? ""));
  return {
    size: tokens.reduce((count) => count + 1, 0), // holes are not counted
    encode,
    has,
    isSpecial: (id) => special.has(id),
    bytes,
    single(id) {
      const [chunk] = chunkTexts([bytes(id)]);
      return makeToken(id, chunk?.text ?? "", chunk?.display ?? "", 0);
    },
    decode: (ids) => texts(ids).map((chunk) => chunk.text).join(""),
    tokensOf(ids) {
      let offset = 0;
      return texts(ids).map(({ text, display }, i) => {
        const made = makeToken(ids[i] ?? -1, text, display, offset);
        offset += text.length;
        return made;
      });
    },
  };
}

interface Encoder {
  /** Token of each id, as the vocabulary writes it; holes where an id is unused. */
  readonly tokens: readonly string[];
  encode(text: string, options?: EncodeOptions): number[];
}

function createEncoder(json: TokenizerJson, config: TokenizerConfig): Encoder {
  const parsing = openTokenizer(json, config);
  const { model } = parsing;
  if (model === null) throw unusable("tokenizer.json", 'it has no "model"');
  correctMerges(model);
  let plain: Tokenizer | null = null;
  let around: readonly [number[], number[]] | null = null;
  const special = new Set(json.added_tokens.filter((token) => token.special).map((token) => token.id));
  const unknown = model.unk_token_id;
  // A vocabulary can hold a special token's string as an ordinary piece; one character at a time it can't be met.
  const spell = (id: number): number[] => {
    const pieces = [...model.vocab[id] ?? ""].flatMap((character) => model([character]));
    return pieces.map((piece) => model.tokens_to_ids.get(piece) ?? unknown).filter((id) => id !== undefined);
  };
  const encodePlain = (text: string): number[] => {
    plain ??= openPlain(json, config, parsing);
    const { ids } = plain.encode(text, { add_special_tokens: false });
    return ids.some((id) => special.has(id))
      ? ids.flatMap((id) => special.has(id) && id !== unknown ? spell(id) : id)
      : ids;
  };
  return {
    tokens: model.vocab,
    encode(text, { specials = true, postProcess = true } = {}) {
      const ids = specials ? parsing.encode(text, { add_special_tokens: false }).ids : encodePlain(text);
      if (!postProcess) return ids;
      around ??= findAdditions(parsing);
      const [before, after] = around;
      return before.length + after.length === 0 ? ids : [...before, ...ids, ...after];
    },
  };
}

function openTokenizer(json: TokenizerJson, config: TokenizerConfig): Tokenizer {
  try {
    const tokenizer = new Tokenizer(json, config);
    correctPatterns(tokenizer.pre_tokenizer);
    correctAddedSplits(tokenizer);
    return tokenizer;
  } catch (error) {
    throw unusable("tokenizer.json", `the tokenizer library refused it (${messageOf(error)})`);
  }
}

/** The same tokenizer blind to special tokens; the model, its tables and its cache are shared. */
function openPlain(json: TokenizerJson, config: TokenizerConfig, parsing: Tokenizer): Tokenizer {
  const empty = { ...json.model, type: "BPE", vocab: {}, merges: [] };
  const added_tokens = json.added_tokens.filter((token) => !token.special);
  const plain = openTokenizer({ ...json, model: empty, added_tokens }, config);
  plain.model = parsing.model;
  return plain;
}

/** Ids that the post-processor puts before and after a text, a BOS for example. */
function findAdditions(tokenizer: Tokenizer): readonly [number[], number[]] {
  const marker = "\u0000";
  const tokens = tokenizer.post_processor?.post_process([marker], null, true).tokens ?? [marker];
  const ids = (some: string[]) =>
    some.map((token) => tokenizer.token_to_id(token)).filter((id) => id !== undefined);
  const at = tokens.indexOf(marker);
  return [ids(tokens.slice(0, at)), ids(tokens.slice(at + 1))];
}
