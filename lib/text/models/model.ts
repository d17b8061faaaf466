// The `model` of tokenizer.json (tokenizers/src/models): from a word to ids.
import { type Component, unsupportedError } from "../file/component.ts";
import { bpeModel } from "./bpe.ts";
import { finishSlices } from "../../basics/slices.ts";
import type { Encoded, Model, ModelKind } from "./types.ts";
import { unigramModel } from "./unigram.ts";
import { wordLevelModel } from "./word_level.ts";
import { wordPieceModel } from "./word_piece.ts";

const kinds: Readonly<Record<string, (component: Component) => ModelKind>> = {
  BPE: bpeModel,
  WordPiece: wordPieceModel,
  WordLevel: wordLevelModel,
  Unigram: unigramModel,
};

/** Reads the model; older files name no type, their options tell. Throws faults (model_failed, unsupported). */
export function createModel(model: Readonly<Record<string, unknown>>): Model {
  const type = model.type === undefined ? typeOf(model) : String(model.type);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined) throw unsupportedError(`a model of type ${type}`);
  const made = kind({ ...model, type });
  const encode = (word: string) =>
    finishSlices(made.encodeLong(word, Infinity)) ?? { ids: [], complete: true };
  return { ...made, encode: rememberWords(encode) };
}

// Words come again: the ids of short ones are kept.
const KEPT_WORDS = 20_000;
const KEPT_LENGTH = 256;

function rememberWords(encode: (word: string) => Encoded): (word: string) => Encoded {
  const known = new Map<string, Encoded>();
  return (word) => {
    if (word.length > KEPT_LENGTH) return encode(word);
    const found = known.get(word);
    if (found !== undefined) return found;
    const made = encode(word);
    if (known.size >= KEPT_WORDS) known.clear(); // a long text of strange words is not kept for ever
    known.set(word, made);
    return made;
  };
}

function typeOf(model: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(model.vocab)) return "Unigram";
  if ("merges" in model) return "BPE";
  return "max_input_chars_per_word" in model ? "WordPiece" : "WordLevel";
}
