// From a text to ids, in the reference's order: added tokens, normalizer, normalized added tokens, pre-tokenizer, model,
// post-processor (tokenizers/src/tokenizer/mod.rs, `encode`). All in slices: a text may be a megabyte, and one word.
import type { Slices } from "../basics/slices.ts";
import { type Added, createSplitter, type TextSections } from "./added_tokens.ts";
import { pieceOf } from "./file/piece.ts";
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

/** Null: the text has more than `most` ids. */
export type Encoder = (text: string, options?: EncodeOptions, most?: number) => Slices<Encoded | null>;

/** Words of more UTF-16 units are encoded in slices. */
const LONG_WORD = 4096;
/** Ids between two slices. */
const IDS_A_SLICE = 1024;

/** Text to ids as the Rust library does it: added tokens, normalizer, pre-tokenizer, model, post-processor. */
export function createEncoder(parts: EncoderParts): Encoder {
  const { added, model, postProcess } = parts;
  const wordsOf = [createReader(parts, false), createReader(parts, true)] as const;
  const special = new Set(added.filter((token) => token.special).map((token) => token.id));
  const spell = spelling(model);
  return function* (text, { specials = true, postProcess: post = true } = {}, most = Infinity) {
    const ids: number[] = [];
    let complete = true;
    let rested = 0; // at so many ids
    for (const word of wordsOf[specials ? 0 : 1](text.toWellFormed())) {
      if (word === null || ids.length - rested >= IDS_A_SLICE) {
        yield;
        rested = ids.length;
      }
      if (word === null) continue;
      if (typeof word === "number") ids.push(word);
      else {
        const made = word.text.length <= LONG_WORD
          ? model.encode(word.text)
          : yield* model.encodeLong(word.text, most - ids.length);
        if (made === null) return null;
        complete &&= made.complete;
        for (const id of made.ids) {
          if (specials || id === model.unknownId || !special.has(id)) ids.push(id);
          else ids.push(...spell(id));
        }
      }
      if (ids.length > most) return null;
    }
    // The reference runs the post-processor without special tokens too: a template may name a text twice.
    return { ids: postProcess === null ? ids : postProcess([ids], post).flat(), complete };
  };
}

/** Cuts a text into added tokens, and words of what is between them. */
function createReader({ added, normalize, preTokenize }: EncoderParts, skipSpecials: boolean) {
  const split = createSplitter(added.filter((token) => !token.normalized), skipSpecials);
  const splitNormalized = createSplitter(added.filter((token) => token.normalized), skipSpecials);
  const sectionsOf = function* (text: string): TextSections {
    for (const section of split(pieceOf(text))) {
      if (section === null || typeof section === "number") yield section;
      else yield* splitNormalized(normalize(section));
    }
  };
  return function* (text: string): TextSections {
    for (const section of sectionsOf(text)) {
      if (section === null || typeof section === "number") yield section;
      else if (section.text !== "") yield* preTokenize(section);
    }
  };
}

/** A vocabulary can hold a special token's string as an ordinary piece; one character at a time it can't be met. */
function spelling({ tokens, encode }: Model): (id: number) => readonly number[] {
  return (id) => [...tokens[id] ?? ""].flatMap((character) => encode(character).ids);
}
