// Paths of any length, decoded part by part where their decoder lets them be cut.
import type { Slices } from "../basics/slices.ts";
import type { TokenDecoder } from "./decoders/decoder.ts";
import type { ChunkText } from "./unicode/utf8.ts";

/** Tokens of a part, at least. */
const LEAST = 1024;
/** Tokens that are looked at between two slices. */
const LOOKED_AT = 2 ** 16;
/** The same, of a run of bytes that are read. */
const READ_AT_ONCE = 2 ** 13;

type Decoding = Pick<TokenDecoder, "apart" | "begins" | "byteOf" | "texts" | "textsOfPart">;

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
  { apart, begins, byteOf }: Decoding,
): Slices<number[]> {
  const cuts: number[] = [];
  if (!apart && byteOf === null) return cuts;
  const isInText = byteOf === null ? null : createRunReader(ids, tokens, byteOf);
  for (let at = LEAST, last = 0; at < ids.length; at++) {
    if (at % LOOKED_AT === 0) yield;
    const [before, after] = [tokens[ids[at - 1]!], tokens[ids[at]!]];
    if (at - last < LEAST || before === undefined || after === undefined) continue;
    const byte = byteOf === null || byteOf(before) === null ? null : byteOf(after);
    if (apart ? !begins(after) : byte !== null && (isContinuation(byte) || !(yield* isInText!(at)))) continue;
    cuts.push(at);
    last = at;
  }
  yield;
  return cuts;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** A function that says whether the run of bytes around a place is text as a whole: each of its characters is then
 * decoded by itself. Asked for places that rise, it reads each run once. */
function createRunReader(
  ids: ArrayLike<number>,
  tokens: readonly string[],
  byteOf: (token: string) => number | null,
): (at: number) => Slices<boolean> {
  /** Undefined: an id without a token, which is no part of what is decoded. */
  const byteAt = (at: number) => {
    const token = tokens[ids[at]!];
    return token === undefined ? undefined : byteOf(token);
  };
  let [end, isWhole] = [0, false]; // of the run that was read last
  return function* (at) {
    if (at < end) return isWhole;
    let start = at;
    while (start > 0 && byteAt(start - 1) !== null) start--;
    const reader = new Utf8Reader();
    for (end = start; end < ids.length; end++) {
      const byte = byteAt(end);
      if (byte === null) break;
      if (byte !== undefined) reader.add(byte);
      if ((end - start + 1) % READ_AT_ONCE === 0) yield;
    }
    return isWhole = reader.end();
  };
}

/** Bytes that are read one after the other: whether they are whole, valid UTF-8. */
class Utf8Reader {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #bytes = new Uint8Array(READ_AT_ONCE);
  #count = 0;
  #isValid = true;

  add(byte: number): void {
    this.#bytes[this.#count++] = byte;
    if (this.#count === READ_AT_ONCE) this.#read(true);
  }

  end(): boolean {
    this.#read(false);
    return this.#isValid;
  }

  #read(stream: boolean): void {
    try {
      if (this.#isValid) this.#decoder.decode(this.#bytes.subarray(0, this.#count), { stream });
    } catch {
      this.#isValid = false;
    }
    this.#count = 0;
  }
}
