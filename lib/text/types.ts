// The tokenizer as other folders see it. Paths are token ids; text is a view of them.
import type { Slices } from "../basics/slices.ts";
import type { Token } from "../wire/token.ts";
import type { Encoded } from "./models/types.ts";
import type { Around } from "./token_json.ts";

export interface EncodeOptions {
  /** Special-token strings in the text become their special ids (default); false: they are ordinary text. */
  readonly specials?: boolean;
  /** Adds what the tokenizer's post-processor adds, a BOS for example (default true). */
  readonly postProcess?: boolean;
}

export interface TextCodec {
  /** Number of ids that tokenizer.json knows, added tokens included. */
  readonly size: number;
  /** Tokens that tokenizer_config.json adds behind those, in the order of their ids: a padding token, for example, that
   * the model has no row for. */
  readonly unlisted: readonly string[];
  encode(text: string, options?: EncodeOptions): number[];
  /** So many ids a text has at least, without encoding it; 0 where that is not known. */
  leastTokens(text: string): Slices<number>;
  /** As `encode`, in slices where the text is long. Null where it has more than `most` ids, which may show early. */
  encodeInSlices(text: string, options?: EncodeOptions & { readonly most?: number }): Slices<Encoded | null>;
  /** False where characters of the text have no token: they are dropped, or become the unknown token. */
  covers(text: string): boolean;
  /** True where the tokenizer has a token of this id. */
  has(id: number): boolean;
  isSpecial(id: number): boolean;
  /** The exact bytes of one token; a special token's are its string in UTF-8. */
  bytes(id: number): Uint8Array;
  /** One token alone, as a candidate is shown: U+FFFD where its bytes are no text. */
  single(id: number): Token;
  /** Text of a whole path, special tokens included; U+FFFD for bytes that are no text. */
  decode(ids: readonly number[]): string;
  /** The same, in slices. */
  decodeInSlices(ids: readonly number[]): Slices<string>;
  /** The tokens of a path from index `from` on: those of a whole path have texts that joined are `decode(ids)`, and
   * places in it. */
  tokensOf(ids: readonly number[], from?: number): Token[];
  /** The tokens of a whole path of any length as JSON in UTF-8, `around` it what else the JSON holds, in slices. */
  tokenJsonInSlices(ids: ArrayLike<number>, around: Around): Slices<Uint8Array<ArrayBuffer>>;
}
