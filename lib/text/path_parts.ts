// Paths of any length, decoded part by part where their decoder lets them be cut.
import { LongText } from "../basics/long_text.ts";
import type { Slices } from "../basics/slices.ts";
import type { TokenDecoder } from "./decoders/decoder.ts";
import { IdList } from "./models/id_list.ts";
import type { ChunkText } from "./unicode/utf8.ts";
import { Utf8Reader } from "./unicode/utf8_reader.ts";

/** Tokens of the first and the last part, at least: nothing of them is kept by their ids (see entry_finder.ts), because
 * what stands at an end of a path may be decoded otherwise. */
const AT_ENDS = 64;
/** Tokens of all parts, at least, where tokens are bytes and nothing else: decoding many at once is fast there. */
const MANY = 1024;
/** Tokens that are looked at between two slices: each may begin a run of bytes, which is read. */
const LOOKED_AT = 2 ** 13;
/** The same, of a run of bytes that are read. */
const READ_AT_ONCE = 2 ** 13;
/** Tokens that are decoded between two slices: the first ones take 0.05 ms each until V8 has compiled it. */
const DECODED = 256;
/** Tokens of a part whose text is kept: those of a character, and fewer than AT_ENDS. */
const SHORT_PART = 8;
/** Such texts, at most. */
const MOST_KNOWN = 2 ** 16;

type Decoding = Pick<TokenDecoder, "apart" | "begins" | "byteOf" | "texts" | "textsOfPart">;

/** Parts of paths; `tokens`: as they are decoded, with holes. An id without a token is no part of what is decoded. */
export function createParts(tokens: readonly string[], decoder: Decoding) {
  const kindOf = createKinds(tokens, decoder);
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
    /** Where the parts of a path end. Whether it may be cut at all shows at its ends. Where tokens are not bytes alone,
     * parts are as short as may be: most are one token, and come again. */
    *plan(ids: ArrayLike<number>): Slices<Int32Array> {
      const ends = decoder.apart ? yield* findFarCuts(ids, kindOf) : yield* findCuts(ids, kindOf, decoder);
      const [first, last] = [ends.values[0]!, ends.values[ends.count - 1]!];
      const apart = ends.count > 0 && decode(ids, 0, first) !== null &&
        decode(ids, last, ids.length) !== null;
      if (!apart) ends.count = 0;
      ends.push(ids.length);
      return ends.values.subarray(0, ends.count);
    },
    /** Texts of the tokens of one of these parts, or of several in a row. */
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

/** The text of a path that is planned. That of a short part is asked for once: it is the same wherever it stands but at
 * the ends of the path. */
export function* joinParts(
  ids: ArrayLike<number>,
  ends: Int32Array,
  textsOf: (start: number, end: number) => readonly ChunkText[],
): Slices<string> {
  const known = new Map<number | string, string>(); // by ids
  const texts = new LongText();
  for (let part = 0, start = 0, rested = 0; part < ends.length; part++) {
    const end = ends[part]!;
    const isShort = end - start <= SHORT_PART;
    const key = isShort ? keyOf(ids, start, end) : "";
    let text = isShort ? known.get(key) : undefined;
    if (text === undefined) {
      text = textsOf(start, end).map((one) => one.text).join("");
      if (known.size === MOST_KNOWN) known.clear();
      if (isShort) known.set(key, text);
    }
    texts.add(text);
    start = end;
    if (end - rested < DECODED) continue;
    rested = end;
    yield;
  }
  return texts.end();
}

function keyOf(ids: ArrayLike<number>, start: number, end: number): number | string {
  if (end === start + 1) return ids[start]!;
  let key = "";
  for (let at = start; at < end; at++) key += `${ids[at]},`;
  return key;
}

/** What a token is to a cut: one of HOLE, NONE and BEGINS, or the byte that it names. */
type Kinds = (id: number) => number;
const [HOLE, NONE, BEGINS] = [-3, -2, -1];
const UNASKED = -4;

/** A function that knows the kind of each id that was asked for. */
function createKinds(tokens: readonly string[], { apart, begins, byteOf }: Decoding): Kinds {
  const known = new Int16Array(tokens.length).fill(UNASKED);
  const ask = (token: string | undefined) => {
    if (token === undefined) return HOLE;
    return (apart ? begins(token) ? BEGINS : null : byteOf?.(token)) ?? NONE;
  };
  return (id) => {
    if (!(id < known.length)) return HOLE;
    if (known[id] === UNASKED) known[id] = ask(tokens[id]);
    return known[id]!;
  };
}

/** Places where a path of bytes alone may be cut, with MANY tokens and more between them. */
function* findFarCuts(ids: ArrayLike<number>, kindOf: Kinds): Slices<IdList> {
  const cuts = new IdList(16);
  for (let at = MANY, last = 0; at < ids.length; at++) {
    if (at % LOOKED_AT === 0) yield;
    if (at - last < MANY || kindOf(ids[at - 1]!) === HOLE || kindOf(ids[at]!) !== BEGINS) continue;
    cuts.push(at);
    last = at;
  }
  yield;
  return cuts;
}

/** All places where another path may be cut, but near its ends. */
function* findCuts(
  ids: ArrayLike<number>,
  kindOf: Kinds,
  { byteOf }: Decoding,
): Slices<IdList> {
  const cuts = new IdList(16);
  if (byteOf === null) return cuts;
  const isInText = createRunReader(ids, kindOf);
  for (let at = AT_ENDS; at <= ids.length - AT_ENDS; at++) {
    if (at % LOOKED_AT === 0) yield;
    const [before, after] = [kindOf(ids[at - 1]!), kindOf(ids[at]!)];
    if (before === HOLE || after === HOLE) continue;
    if (before !== NONE && after !== NONE && (isContinuation(after) || !(yield* isInText(at)))) continue;
    cuts.push(at);
  }
  yield;
  return cuts;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** A function that says whether the run of bytes around a place is text as a whole: each of its characters is then
 * decoded by itself. Asked for places that rise, it reads each run once. */
function createRunReader(ids: ArrayLike<number>, kindOf: Kinds): (at: number) => Slices<boolean> {
  const reader = new Utf8Reader();
  let [end, isWhole] = [0, false]; // of the run that was read last
  return function* (at) {
    if (at < end) return isWhole;
    let start = at;
    while (start > 0 && kindOf(ids[start - 1]!) !== NONE) start--;
    for (end = start; end < ids.length; end++) {
      const byte = kindOf(ids[end]!);
      if (byte === NONE) break;
      if (byte !== HOLE) reader.add(byte); // what has no token is no part of what is decoded
      if ((end - start + 1) % READ_AT_ONCE === 0) yield;
    }
    return isWhole = reader.end();
  };
}
