// From a text to ids, in the reference's order: added tokens, normalizer, normalized added tokens, pre-tokenizer,
// model, post-processor (tokenizers/src/tokenizer/mod.rs, `encode`). All in slices: a text may be a megabyte, and one
// word.
import type { Slices } from "../basics/slices.ts";
import { type Added, createSplitter, type TextSections } from "./added_tokens.ts";
import { rewriteInParts } from "./file/in_parts.ts";
import { pieceOf } from "./file/piece.ts";
import { IdList } from "./models/id_list.ts";
import type { Encoded, Model } from "./models/types.ts";
import { WordCache } from "./models/word_cache.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import { joinIds, type PostProcessor } from "./post_processor.ts";
import type { PreTokenizer } from "./pre_tokenizers/pre_tokenizer.ts";
import { createSpelling } from "./spelling.ts";
import type { EncodeOptions } from "./types.ts";

export interface EncoderParts {
  readonly added: readonly Added[];
  readonly normalize: Normalizer;
  readonly preTokenizer: PreTokenizer;
  readonly model: Model;
  readonly postProcess: PostProcessor | null;
  /** False: special tokens are never looked for in a text (the model may still make them). */
  readonly findSpecials: boolean;
}

/** Null: the text has more than `most` ids. */
export type Encoder = (text: string, options?: EncodeOptions, most?: number) => Slices<Encoded | null>;

/** Words of more UTF-16 units are encoded in slices. */
const LONG_WORD = 4096;
/** Ids between two slices. */
const IDS_A_SLICE = 1024;

/** Text to ids as the Rust library does it: added tokens, normalizer, pre-tokenizer, model, post-processor. */
export function createEncoder(parts: EncoderParts): Encoder {
  const { postProcess } = parts;
  const sectionsOf = [createReader(parts, false), createReader(parts, true)] as const;
  const encodeWord = createWordEncoder(parts);
  const spelling = createSpelling(parts);
  return function* (text, { specials = true, postProcess: post = true } = {}, most = Infinity) {
    const ids = new IdList(1024);
    const cutter = parts.preTokenizer.createCutter();
    let complete = true;
    let rested = 0; // at so many ids
    for (const section of sectionsOf[specials && parts.findSpecials ? 0 : 1](text.toWellFormed())) {
      if (section === null) yield;
      else if (typeof section === "number") ids.push(section);
      else if (section.text !== "") cutter.begin(section);
      for (let word = cutter.next(); word !== undefined; word = cutter.next()) {
        if (word === null || ids.count - rested >= IDS_A_SLICE) {
          yield;
          rested = ids.count;
        }
        if (word === null) continue;
        const start = ids.count;
        const made = encodeWord(word.text, ids) ?? (yield* encodeLongWord(parts, word.text, ids, most));
        if (made === null) return null;
        complete &&= made;
        if (!specials && !spelling.rewrite(ids, start)) yield* spelling.rewriteLong(ids, start);
        if (ids.count > most) return null;
      }
      if (ids.count > most) return null;
    }
    const made = ids.values.subarray(0, ids.count);
    // The reference runs the post-processor without special tokens too: a template may name a text twice.
    return { ids: postProcess === null ? made : joinIds(postProcess([made], post)), complete };
  };
}

/** Cuts a text into added tokens, and what is between them, normalized. */
function createReader({ added, normalize }: EncoderParts, skipSpecials: boolean) {
  const split = createSplitter(added.filter((token) => !token.normalized), skipSpecials);
  const splitNormalized = createSplitter(added.filter((token) => token.normalized), skipSpecials);
  return function* (text: string): TextSections {
    for (const section of split(pieceOf(text))) {
      if (section === null || typeof section === "number") yield section;
      else {
        const slices = normalize(section);
        let step = slices.next();
        for (; !step.done; step = slices.next()) yield null;
        yield* splitNormalized(step.value);
      }
    }
  };
}

/** Adds the ids of a word that is not long: whether all of its characters have a token. Null: it is long. */
function createWordEncoder(
  { model, preTokenizer: { rewrite } }: EncoderParts,
): (word: string, ids: IdList) => boolean | null {
  const words = new WordCache();
  return (word, ids) => {
    if (word.length > LONG_WORD) return null;
    const known = words.write(word, ids);
    if (known !== null) return known;
    const start = ids.count;
    const complete = model.encode(rewrite === null ? word : rewrite(word), ids);
    words.keep(word, ids, start, complete);
    return complete;
  };
}

function* encodeLongWord(
  { model, preTokenizer: { rewrite } }: EncoderParts,
  word: string,
  ids: IdList,
  most: number,
): Slices<boolean | null> {
  const written = rewrite === null ? word : yield* rewriteInParts(word, rewrite, true);
  return yield* model.encodeLong(written, ids, most - ids.count);
}
