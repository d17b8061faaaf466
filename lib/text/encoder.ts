// From a text to ids, in the reference's order: added tokens, normalizer, normalized added tokens, pre-tokenizer, model,
// post-processor (tokenizers/src/tokenizer/mod.rs, `encode`).
import { type Added, createSplitter } from "./added_tokens.ts";
import { type Piece, pieceOf } from "./file/piece.ts";
import type { Encoded, Model } from "./models/types.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import type { PostProcessor } from "./post_processor.ts";
import type { PreTokenizer } from "./pre_tokenizers/pre_tokenizer.ts";
import type { EncodeOptions } from "./types.ts";

export interface EncoderParts {
  readonly added: readonly Added[];
  readonly normalize: Normalizer;
  readonly preTokenize: PreTokenizer;
  readonly model: Model;
  readonly postProcess: PostProcessor | null;
}

export type Encoder = (text: string, options?: EncodeOptions) => Encoded;

/** Text to ids as the Rust library does it: added tokens, normalizer, pre-tokenizer, model, post-processor. */
export function createEncoder({ added, normalize, preTokenize, model, postProcess }: EncoderParts): Encoder {
  const splitters = [false, true].map((skipSpecials) => {
    const split = createSplitter(added.filter((token) => !token.normalized), skipSpecials);
    const splitNormalized = createSplitter(added.filter((token) => token.normalized), skipSpecials);
    const inText = (section: Piece | number) =>
      typeof section === "number" ? section : splitNormalized(normalize(section));
    return (text: string) => split(pieceOf(text)).flatMap(inText);
  });
  const special = new Set(added.filter((token) => token.special).map((token) => token.id));
  const spell = spelling(model);
  return (text, { specials = true, postProcess: post = true } = {}) => {
    const ids: number[] = [];
    let complete = true;
    const write = (word: Piece) => {
      const made = model.encode(word.text);
      complete &&= made.complete;
      for (const id of made.ids) {
        if (specials || id === model.unknownId || !special.has(id)) ids.push(id);
        else ids.push(...spell(id));
      }
    };
    for (const section of splitters[specials ? 0 : 1]!(text.toWellFormed())) {
      if (typeof section === "number") ids.push(section);
      else if (section.text !== "") preTokenize(section).forEach(write);
    }
    // The reference runs the post-processor without special tokens too: a template may name a text twice.
    return { ids: postProcess === null ? ids : postProcess([ids], post).flat(), complete };
  };
}

/** A vocabulary can hold a special token's string as an ordinary piece; one character at a time it can't be met. */
function spelling({ tokens, encode }: Model): (id: number) => readonly number[] {
  return (id) => [...tokens[id] ?? ""].flatMap((character) => encode(character).ids);
}
