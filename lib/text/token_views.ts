// What a codec says of ids: bytes, texts, and tokens with their places in a path.
import type { Slices } from "../basics/slices.ts";
import type { Token } from "../wire/token.ts";
import type { TokenDecoder } from "./decoders/decoder.ts";
import { chunkTexts, type PathTexts } from "./unicode/utf8.ts";

type Decoding = Pick<TokenDecoder, "bytes" | "texts" | "begins">;

/** Tokens that are described in one slice, at least. */
const TOKENS_A_SLICE = 2048;

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
  const tokensOf = (ids: readonly number[], from = 0, before = 0): Token[] =>
    placeTokens(ids.slice(from), pathTexts(ids, from, tokens, decoder), before, factsOf);
  const begins = (id: number) => decoder.begins(tokens[id] ?? "");
  return {
    size: tokens.reduce((count) => count + 1, 0), // holes are not counted
    has: (id: number) => tokens[id] !== undefined,
    isSpecial: (id: number) => specials.has(id),
    bytes,
    single(id: number): Token {
      const [chunk] = chunkTexts([bytes(id)]).texts;
      const { text, display } = chunk ?? { text: "", display: "" };
      return { id, text, display, ...factsOf(id), offset: 0 };
    },
    decode: (ids: readonly number[]) =>
      pathTexts(ids, 0, tokens, decoder).texts.map((chunk) => chunk.text).join(""),
    tokensOf: (ids: readonly number[], from?: number) => tokensOf(ids, from),
    /** All tokens of a path, in slices where the decoder lets it be cut. */
    tokenSlices: (ids: readonly number[]) =>
      inSlices(ids, begins, (part, before) => tokensOf(part, 0, before)),
  };
}

type TokenFacts = Pick<Token, "special" | "bytes">;

/** Tokens with their places in the text; `before`: UTF-16 units before the path. */
function placeTokens(
  ids: readonly number[],
  path: PathTexts,
  before: number,
  factsOf: (id: number) => TokenFacts,
): Token[] {
  let offset = before + path.offset;
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

function* inSlices(
  ids: readonly number[],
  begins: (id: number) => boolean,
  describe: (ids: readonly number[], before: number) => Token[],
): Slices<Token[]> {
  const made: Token[] = [];
  for (let start = 0, end = 0; start < ids.length; start = end) {
    end = Math.min(start + TOKENS_A_SLICE, ids.length);
    while (end < ids.length && !begins(ids[end]!)) end++;
    const last = made.at(-1);
    const before = last === undefined ? 0 : last.offset + last.text.length;
    for (const token of describe(ids.slice(start, end), before)) made.push(token);
    yield;
  }
  return made;
}

/** The texts of the ids of a path from index `from` on. An id without a token is no part of what is decoded. */
function pathTexts(
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
