// Paths of any length, decoded part by part where their decoder lets them be cut.
import type { Slices } from "../basics/slices.ts";
import type { TokenDecoder } from "./decoders/decoder.ts";
import type { ChunkText } from "./unicode/utf8.ts";

/** Tokens of a part, at least. */
const LEAST = 1024;
/** Tokens that are looked at between two slices. */
const LOOKED_AT = 2 ** 16;

type Decoding = Pick<TokenDecoder, "splits" | "texts" | "textsOfPart">;

/** Parts of paths; `tokens`: as they are decoded, with holes. An id without a token is no part of what is decoded. */
export function createParts(tokens: readonly string[], decoder: Decoding) {
  const decode = (ids: ArrayLike<number>, start: number, end: number) => {
    const ends = { first: start === 0, last: end === ids.length };
    const known: string[] = [];
    for (let at = start; at < end; at++) {
      const token = tokens[ids[at]!];
      if (token !== undefined) known.push(token);
    }
    return ends.first && ends.last ? decoder.texts(known, 0).texts : decoder.textsOfPart(known, ends);
  };
  return {
    /** Where the parts of a path end. Whether it may be cut at all shows at its ends. */
    *plan(ids: ArrayLike<number>): Slices<number[]> {
      const ends = yield* findCuts(ids, tokens, decoder);
      const [first, last] = [ends[0], ends.at(-1)];
      if (first === undefined || last === undefined) return [ids.length];
      const apart = decode(ids, 0, first) !== null && decode(ids, last, ids.length) !== null;
      return apart ? [...ends, ids.length] : [ids.length];
    },
    /** Texts of the tokens of one of these parts. */
    texts(ids: ArrayLike<number>, start: number, end: number): readonly ChunkText[] {
      const texts = decode(ids, start, end)!;
      if (texts.length === end - start) return texts;
      let at = 0;
      const nothing = { text: "", display: "∅" };
      return Array.from({ length: end - start }, (_, place) => {
        return tokens[ids[start + place]!] === undefined ? nothing : texts[at++]!;
      });
    },
  };
}

/** Places where a path may be cut, with LEAST tokens and more between them. */
function* findCuts(
  ids: ArrayLike<number>,
  tokens: readonly string[],
  { splits }: Decoding,
): Slices<number[]> {
  const cuts: number[] = [];
  for (let at = LEAST, last = 0; at < ids.length; at++) {
    if (at % LOOKED_AT === 0) yield;
    const [before, after] = [tokens[ids[at - 1]!], tokens[ids[at]!]];
    if (at - last < LEAST || before === undefined || after === undefined || !splits(before, after)) continue;
    cuts.push(at);
    last = at;
  }
  yield;
  return cuts;
}
