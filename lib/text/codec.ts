// A model's tokenizer as this program uses it: ids, exact bytes, texts that add up, and places in the text. What
// tokenizer.json says is done as the Rust library (tokenizers 0.23) does it, or refused by name.
import type { Token } from "../wire/token.ts";
import { assignIds } from "./added_tokens.ts";
import { createTokenDecoder } from "./decoders/decoder.ts";
import { createEncoder } from "./encoder.ts";
import { createModel } from "./models/model.ts";
import { createNormalizer } from "./normalizers/normalizer.ts";
import { createPostProcessor } from "./post_processor.ts";
import { createPreTokenizer } from "./pre_tokenizers/pre_tokenizer.ts";
import { addNamedSpecials, parseJson, readTokenizerConfig, readTokenizerJson } from "./tokenizer_json.ts";
import type { TextCodec } from "./types.ts";
import { chunkTexts, type PathTexts } from "./unicode/utf8.ts";

/** Reads a tokenizer from the text of its files; `configText` is null where the model has no tokenizer_config.json.
 * Throws faults (model_failed, unsupported) whose sentences name the file. */
export function parseTokenizer(tokenizerText: string, configText: string | null): TextCodec {
  const json = parseJson(tokenizerText, "tokenizer.json");
  return createTextCodec(json, configText === null ? {} : parseJson(configText, "tokenizer_config.json"));
}

/** A codec from parsed tokenizer.json and tokenizer_config.json. Throws faults (model_failed, unsupported). */
export function createTextCodec(tokenizerJson: unknown, tokenizerConfigJson: unknown): TextCodec {
  const config = readTokenizerConfig(tokenizerConfigJson);
  const json = readTokenizerJson(tokenizerJson);
  const decoder = createTokenDecoder(json.decoder);
  const normalize = createNormalizer(json.normalizer);
  const model = createModel(json.model);
  const added = assignIds(addNamedSpecials(json.added_tokens, config, model.idOf), model, normalize);
  const encode = createEncoder({
    ...{ added, normalize, model },
    preTokenize: createPreTokenizer(json.pre_tokenizer),
    postProcess: createPostProcessor(json.post_processor),
  });
  const tokens = model.tokens.slice(); // as they are decoded
  for (const { id, sought } of added) tokens[id] = decoder.added(sought);
  const specials = new Map(added.filter((token) => token.special).map((token) => [token.id, token.content]));
  return {
    ...tokenViews(tokens, specials, decoder),
    encode: (text, options) => [...encode(text, options).ids],
    covers: (text) => encode(text, { postProcess: false }).complete,
  };
}

interface Decoding {
  bytes(token: string): Uint8Array;
  texts(tokens: readonly string[], from: number): PathTexts;
}

/** What a codec says of ids. `tokens`: as they are decoded, with holes; `specials`: the special ones' strings. */
function tokenViews(tokens: readonly string[], specials: ReadonlyMap<number, string>, decoder: Decoding) {
  const encoder = new TextEncoder();
  const bytes = (id: number): Uint8Array => {
    const special = specials.get(id);
    if (special !== undefined) return encoder.encode(special);
    const token = tokens[id];
    return token === undefined ? new Uint8Array() : decoder.bytes(token);
  };
  const makeToken = (id: number, text: string, display: string, offset: number): Token => {
    return { id, text, display, special: specials.has(id), bytes: Array.from(bytes(id)), offset };
  };
  return {
    size: tokens.reduce((count) => count + 1, 0), // holes are not counted
    has: (id: number) => tokens[id] !== undefined,
    isSpecial: (id: number) => specials.has(id),
    bytes,
    single(id: number): Token {
      const [chunk] = chunkTexts([bytes(id)]).texts;
      return makeToken(id, chunk?.text ?? "", chunk?.display ?? "", 0);
    },
    decode: (ids: readonly number[]) =>
      pathTexts(ids, 0, tokens, decoder).texts.map((chunk) => chunk.text).join(""),
    tokensOf(ids: readonly number[], from = 0): Token[] {
      const path = pathTexts(ids, from, tokens, decoder);
      let { offset } = path;
      return path.texts.map(({ text, display }, i) => {
        const made = makeToken(ids[from + i] ?? -1, text, display, offset);
        offset += text.length;
        return made;
      });
    },
  };
}

/** The texts of the ids of a path from index `from` on. An id without a token is no part of what is decoded. */
function pathTexts(
  ids: readonly number[],
  from: number,
  tokens: readonly string[],
  decoder: Decoding,
): PathTexts {
  const isKnown = (id: number) => tokens[id] !== undefined;
  const known = ids.filter(isKnown);
  const first = known.length === ids.length ? from : ids.slice(0, from).filter(isKnown).length;
  const decoded = decoder.texts(known.map((id) => tokens[id] ?? ""), first);
  if (known.length === ids.length) return decoded;
  let at = 0;
  const nothing = { text: "", display: "∅" };
  return {
    offset: decoded.offset,
    texts: ids.slice(from).map((id) => isKnown(id) ? decoded.texts[at++]! : nothing),
  };
}
