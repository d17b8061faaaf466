// A model's tokenizer as this program uses it: ids, exact bytes, texts that add up, and places in the text. What
// tokenizer.json says is done as the Rust library (tokenizers 0.23) does it, or refused by name.
import { toNumbers } from "../basics/numbers.ts";
import { finishSlices } from "../basics/slices.ts";
import { assignIds } from "./added_tokens.ts";
import { createTokenDecoder } from "./decoders/decoder.ts";
import { createEncoder } from "./encoder.ts";
import { createLeastTokens } from "./least_tokens.ts";
import { createModel, modelTypeOf } from "./models/model.ts";
import { createNormalizer } from "./normalizers/normalizer.ts";
import { createPostProcessor } from "./post_processor.ts";
import { createPreTokenizer } from "./pre_tokenizers/pre_tokenizer.ts";
import { cleansUp, readTokenizerConfig, tokensOfConfig } from "./tokenizer_config.ts";
import { parseJson, readTokenizerJson } from "./tokenizer_json.ts";
import type { EncodeOptions, TextCodec } from "./types.ts";
import { createTokenViews } from "./token_views.ts";

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
  const decoder = createTokenDecoder(json.decoder, cleansUp(config, modelTypeOf(json.model)));
  const normalize = createNormalizer(json.normalizer);
  const model = createModel(json.model);
  const listed = json.added_tokens;
  const added = assignIds([...listed, ...tokensOfConfig(config, listed)], model, normalize);
  const inSlices = createEncoder({
    ...{ added, normalize, model },
    preTokenizer: createPreTokenizer(json.pre_tokenizer),
    postProcess: createPostProcessor(json.post_processor),
    findSpecials: config.split_special_tokens !== true,
  });
  const encode = (text: string, options?: EncodeOptions) => finishSlices(inSlices(text, options))!;
  const tokens = model.tokens.slice(); // as they are decoded
  for (const { id, written } of added) tokens[id] = decoder.added(written);
  const specials = new Map(added.filter((token) => token.special).map((token) => [token.id, token.content]));
  const { ids, ...views } = createTokenViews(tokens, specials, decoder);
  const known = new Set(listed.map((token) => token.content));
  const unlisted = added.map(({ content }) => content)
    .filter((content) => !known.has(content) && !model.idOf.has(content));
  return {
    ...views,
    unlisted,
    size: ids - unlisted.length,
    leastTokens: createLeastTokens(json, model, added),
    encode: (text, options) => toNumbers(encode(text, options).ids),
    encodeInSlices: (text, { most, ...options } = {}) => inSlices(text, options, most),
    covers: (text) => encode(text, { postProcess: false }).complete,
  };
}
