// What a codec says of ids: bytes, texts, and tokens with their places in a path.
import { rememberFlags } from "../basics/flags.ts";
import type { Slices } from "../basics/slices.ts";
import type { Token } from "../wire/token.ts";
import type { TokenDecoder } from "./decoders/decoder.ts";
import type { Views } from "./entry_finder.ts";
import { createParts, joinParts } from "./path_parts.ts";
import { type Around, writeTokens } from "./token_json.ts";
import { decodeTogether, type PathTexts } from "./unicode/utf8.ts";

type Decoding = Omit<TokenDecoder, "added">;

/** `tokens`: as they are decoded, with holes; `specials`: the special ones' strings. */
export function createTokenViews(
  tokens: readonly string[],
  specials: ReadonlyMap<number, string>,
  decoder: Decoding,
) {
  const encoder = new TextEncoder();
  const bytes = (id: number): Uint8Array => {
    const special = specials.get(id);
    if (special !== undefined) return encoder.encode(special);
    const token = tokens[id];
    return token === undefined ? new Uint8Array() : decoder.bytes(token);
  };
  const factsOf = (id: number): TokenFacts => ({ special: specials.has(id), bytes: Array.from(bytes(id)) });
  const tokensOf = (ids: readonly number[], from = 0): Token[] =>
    placeTokens(ids.slice(from), decodePath(ids, from, tokens, decoder), factsOf);
  return {
    ids: tokens.reduce((count) => count + 1, 0), // holes are not counted
    has: (id: number) => tokens[id] !== undefined,
    isSpecial: (id: number) => specials.has(id),
    bytes,
    single: rememberTokens((id) => {
      const own = bytes(id);
      const [chunk] = decodeTogether([own]).texts;
      const { text, display } = chunk ?? { text: "", display: "" };
      return { id, text, display, special: specials.has(id), bytes: Array.from(own), offset: 0 };
    }),
    decode: (ids: readonly number[]) =>
      decodePath(ids, 0, tokens, decoder).texts.map((chunk) => chunk.text).join(""),
    tokensOf,
    ...createSlicedViews(tokens, decoder, factsOf),
  };
}

/** What is said of paths of any length, in slices where the decoder lets them be cut. */
function createSlicedViews(
  tokens: readonly string[],
  decoder: Decoding,
  factsOf: (id: number) => TokenFacts,
) {
  const begins = rememberFlags(tokens.length, (id) => decoder.begins(tokens[id] ?? ""));
  const parts = createParts(tokens, decoder);
  const viewsOf = function* (ids: ArrayLike<number>): Slices<Views> {
    const ends = decoder.apart ? null : yield* parts.plan(ids);
    let part = 0;
    const nextEnd = (start: number) => {
      let end = start + 1;
      while (end < ids.length && !begins(ids[end]!)) end++;
      return end;
    };
    return {
      ends: tokens.length,
      partEnd: ends === null ? nextEnd : () => ends[part++]!,
      textsOf: (start, end) => parts.texts(ids, start, end),
      factsOf,
    };
  };
  return {
    /** The text of a path. */
    *decodeInSlices(ids: readonly number[]): Slices<string> {
      const ends = yield* parts.plan(ids);
      return yield* joinParts(ids, ends, (start, end) => parts.texts(ids, start, end));
    },
    /** The JSON of all tokens of a path. */
    *tokenJsonInSlices(ids: ArrayLike<number>, around: Around): Slices<Uint8Array<ArrayBuffer>> {
      return yield* writeTokens(ids, yield* viewsOf(ids), around);
    },
  };
}

/** Tokens that are kept: the candidates of one position are mostly those of another. */
const MOST_KEPT = 4096;

/** `make`, whose last tokens are kept. */
function rememberTokens(make: (id: number) => Token): (id: number) => Token {
  const kept = new Map<number, Token>();
  return (id) => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const made = make(id);
    if (kept.size === MOST_KEPT) kept.clear();
    kept.set(id, made);
    return made;
  };
}

type TokenFacts = Pick<Token, "special" | "bytes">;

/** Tokens with their places in the text. */
function placeTokens(
  ids: readonly number[],
  path: PathTexts,
  factsOf: (id: number) => TokenFacts,
): Token[] {
  let offset = path.offset;
  const known = new Map<number, TokenFacts>(); // most tokens of a text come again
  return path.texts.map(({ text, display }, at) => {
    const id = ids[at] ?? -1;
    let facts = known.get(id);
    if (facts === undefined) known.set(id, facts = factsOf(id));
    const made = { id, text, display, special: facts.special, bytes: facts.bytes, offset };
    offset += text.length;
    return made;
  });
}

/** The texts of the ids of a path from index `from` on. An id without a token is no part of what is decoded. */
function decodePath(
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
