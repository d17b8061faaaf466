// A model as the encoder sees it.
import type { Slices } from "../../basics/slices.ts";
import type { TokenIds } from "../../basics/token_ids.ts";
import type { IdList } from "./id_list.ts";

/** Ids of a text, and whether some of its characters had no token: they were dropped, or are the unknown token. */
export interface Encoded {
  readonly ids: ArrayLike<number>;
  readonly complete: boolean;
}

export interface Model {
  /** Token of each id, as the vocabulary writes it; holes where an id is unused. */
  readonly tokens: readonly string[];
  readonly idOf: TokenIds;
  /** Number of tokens that the vocabulary lists. */
  readonly size: number;
  /** Id of the unknown token, null where there is none. */
  readonly unknownId: number | null;
  /** Adds the ids of a word that a pre-tokenizer made to `ids`; false where some of its characters had no token. Throws
   * a fault (invalid_request) where it can't be written. */
  encode(word: string, ids: IdList): boolean;
  /** The same in slices, for a word of any length; null where it has more than `most` ids, as far as that shows before
   * they are found. */
  encodeLong(word: string, ids: IdList, most: number): Slices<boolean | null>;
}

/** A model of one kind: how it writes words. */
export interface ModelKind extends Omit<Model, "encode"> {
  /** As `encode`; null, and nothing is added, where the word is not short enough. */
  encodeShort?(word: string, ids: IdList): boolean | null;
}

/** Steps of one character or merge in a slice. */
export const STEPS_A_SLICE = 2048;
