// Where texts stand among the tokens of a vocabulary, for DRY: whole in one token, or begun in one and ended in others.
import type { TokensWithInput, TokensWithResult } from "../wire/sample.ts";
import { pathKey } from "../basics/path_key.ts";
import type { LanguageModel, Sliced } from "./types.ts";

/** Tokens of a text's rest that are looked at, as llama.cpp does. */
const LONGEST_REST = 20;

/** The tokens that have one of the texts, and those that one begins in, with the tokens of its rest as it is encoded
 * by itself (llama.cpp's get_overlapping_token_sequences). A rest that begins within a character is no text, and is
 * left out. */
// deno-lint-ignore require-yield -- a job of one slice
export async function* tokensWith(
  { texts }: TokensWithInput,
  { codec, vocabSize }: LanguageModel,
): Sliced<TokensWithResult> {
  const wanted = Map.groupBy(texts.map((text) => new TextEncoder().encode(text)), ([first]) => first!);
  const rests = new Map<string, readonly number[] | null>();
  const ids = new Set<number>();
  const runs = new Map<string, readonly number[]>();
  for (let id = 0; id < Math.min(codec.size, vocabSize); id++) {
    if (!codec.has(id)) continue;
    for (const rest of restsAfter(codec.bytes(id), wanted)) {
      if (rest.length === 0) ids.add(id);
      const tokens = rest.length === 0 ? null : tokensOf(rest, rests, codec);
      if (tokens !== null) runs.set(pathKey([id, ...tokens]), [id, ...tokens]);
    }
  }
  return await Promise.resolve({ ids: [...ids], runs: [...runs.values()] });
}

type Bytes = Uint8Array<ArrayBuffer>;

/** What is left of the texts that begin in a token; nothing of one that is whole in it. */
function* restsAfter(token: Uint8Array, wanted: ReadonlyMap<number, readonly Bytes[]>): Generator<Bytes> {
  const found = new Map<Bytes, Bytes[]>();
  for (const [at, first] of token.entries()) {
    for (const text of wanted.get(first) ?? []) {
      const length = Math.min(text.length, token.length - at);
      if (!text.subarray(0, length).every((byte, place) => token[at + place] === byte)) continue;
      found.set(text, [...found.get(text) ?? [], text.subarray(length)]);
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
  codec: LanguageModel["codec"],
): readonly number[] | null {
  const key = rest.join();
  if (!known.has(key)) known.set(key, encodeRest(rest, codec));
  return known.get(key)!;
}

function encodeRest(rest: Bytes, codec: LanguageModel["codec"]): readonly number[] | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(rest);
    return codec.encode(text, { specials: false, postProcess: false }).slice(0, LONGEST_REST);
  } catch {
    return null;
  }
}
