// A model as the encoder sees it.
import type { Slices } from "../../basics/slices.ts";

/** Ids of a word, and whether some of its characters had no token: they were dropped, or are the unknown token. */
export interface Encoded {
  readonly ids: readonly number[];
  readonly complete: boolean;
}

export interface Model {
  /** Token of each id, as the vocabulary writes it; holes where an id is unused. */
  readonly tokens: readonly string[];
  readonly idOf: ReadonlyMap<string, number>;
  /** Number of tokens that the vocabulary lists. */
  readonly size: number;
  /** Id of the unknown token, null where there is none. */
  readonly unknownId: number | null;
  /** Ids of a word that a pre-tokenizer made. Throws a fault (invalid_request) where it can't be written. */
  encode(word: string): Encoded;
  /** The same in slices, for a word of any length; null where it has more than `most` ids, as far as that shows before
   * they are found. */
  encodeLong(word: string, most: number): Slices<Encoded | null>;
}

/** A model of one kind: how it writes words, at once or in slices. */
export type ModelKind = Omit<Model, "encode">;

/** Steps of one character or merge in a slice. */
export const STEPS_A_SLICE = 2048;
