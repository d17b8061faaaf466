// Where texts stand among the tokens of a vocabulary, for DRY: whole in one token, or begun in one and ended in others.
import type { TextBreaks } from "../sampling/context.ts";
import type { LanguageModel } from "./types.ts";

type Codec = Pick<LanguageModel["codec"], "has" | "bytes" | "encode">;

/** Tokens of a text's rest that are looked at, as llama.cpp does. */
const LONGEST_REST = 20;

/** What is known of the last texts that a vocabulary was asked about: they are the same for all tokens of an answer. */
const last = new WeakMap<Codec, { readonly texts: string; readonly breaks: TextBreaks }>();

/** The breaks of `texts`, of which none is empty, in this vocabulary; null where there is none. */
export function textBreaksOf(texts: readonly string[], codec: Codec): TextBreaks | null {
  if (texts.length === 0) return null;
  const key = JSON.stringify(texts);
  const known = last.get(codec);
  if (known?.texts === key) return known.breaks;
  const breaks = createTextBreaks(texts, codec);
  last.set(codec, { texts: key, breaks });
  return breaks;
}

/** What is left of the texts that begin in a token, as it is encoded by itself (llama.cpp's
 * get_overlapping_token_sequences); no tokens where one is whole in it. A rest that begins within a character is no
 * text, and is left out. Only tokens that are asked about are looked at, each once: a path has few of a
 * vocabulary's. */
function createTextBreaks(texts: readonly string[], codec: Codec): TextBreaks {
  const encoder = new TextEncoder();
  const wanted = Map.groupBy(Array.from(new Set(texts), (text) => encoder.encode(text)), ([first]) => first!);
  const encoded = new Map<string, readonly number[] | null>();
  const known = new Map<number, readonly (readonly number[])[]>();
  return (id) => {
    let rests = known.get(id);
    if (rests === undefined) {
      const left = codec.has(id) ? findRests(codec.bytes(id), wanted) : [];
      rests = Array.from(left, (rest) => tokensOf(rest, encoded, codec)).filter((ids) => ids !== null);
      known.set(id, rests);
    }
    return rests;
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** What is left of the texts that begin in a token; nothing more of one that is whole in it. */
function* findRests(token: Uint8Array, wanted: ReadonlyMap<number, readonly Bytes[]>): Generator<Bytes> {
  const found = new Map<Bytes, Bytes[]>();
  for (const [at, first] of token.entries()) {
    for (const text of wanted.get(first) ?? []) {
      const length = Math.min(text.length, token.length - at);
      if (!text.subarray(0, length).every((byte, place) => token[at + place] === byte)) continue;
      const rests = found.get(text) ?? [];
      rests.push(text.subarray(length));
      found.set(text, rests);
    }
  }
  for (const rests of found.values()) {
    const whole = rests.find(({ length }) => length === 0);
    yield* whole === undefined ? rests : [whole];
  }
}

/** Null for bytes that are no text. */
function tokensOf(
  rest: Bytes,
  known: Map<string, readonly number[] | null>,
  codec: Codec,
): readonly number[] | null {
  if (rest.length === 0) return [];
  const key = rest.join();
  if (!known.has(key)) known.set(key, encodeRest(rest, codec));
  return known.get(key)!;
}

function encodeRest(rest: Bytes, codec: Codec): readonly number[] | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(rest);
    return codec.encode(text, { specials: false, postProcess: false }).slice(0, LONGEST_REST);
  } catch {
    return null;
  }
}
