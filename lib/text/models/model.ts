// The `model` of tokenizer.json (tokenizers/src/models): from a word to ids.
import { findOwn } from "../../basics/find_own.ts";
import { type Component, unsupportedError } from "../file/component.ts";
import { bpeModel } from "./bpe.ts";
import { finishSlices } from "../../basics/slices.ts";
import type { Model, ModelKind } from "./types.ts";
import { unigramModel } from "./unigram.ts";
import { wordLevelModel } from "./word_level.ts";
import { wordPieceModel } from "./word_piece.ts";

const kinds: Readonly<Record<string, (component: Component) => ModelKind>> = {
  BPE: bpeModel,
  WordPiece: wordPieceModel,
  WordLevel: wordLevelModel,
  Unigram: unigramModel,
};

/** Reads the model. Throws faults (model_failed, unsupported). */
export function createModel(model: Readonly<Record<string, unknown>>): Model {
  const type = modelTypeOf(model);
  const kind = findOwn(kinds, type);
  if (kind === undefined) throw unsupportedError(`a model of type ${type}`);
  const made = kind({ ...model, type });
  return {
    ...made,
    encode: (word, ids) =>
      made.encodeShort?.(word, ids) ?? finishSlices(made.encodeLong(word, ids, Infinity)) ?? false,
  };
}

/** The name of the model's kind; older files name none, their options tell. */
export function modelTypeOf(model: Readonly<Record<string, unknown>>): string {
  if (model.type !== undefined) return String(model.type);
  if (Array.isArray(model.vocab)) return "Unigram";
  if ("merges" in model) return "BPE";
  return "max_input_chars_per_word" in model ? "WordPiece" : "WordLevel";
}
