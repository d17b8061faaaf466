// Texts of a path whose tokens are bytes and nothing else, without decoding what comes before the part asked for: a
// click asks for one token behind a thousand.
import { concat } from "../../basics/concat.ts";
import { type ChunkText, decodeTogether, isText, lossyText, type PathTexts } from "../unicode/utf8.ts";
import { bytesOfStandIns } from "./bytes.ts";

/** Whether a token's first byte begins a character, or is none of any: what comes before ends there. */
export function beginsCharacter(token: string): boolean {
  const first = bytesOfStandIns(token.slice(0, 1))[0];
  return first !== undefined && (first & 0xc0) !== 0x80;
}

/** Tokens of which something is kept. */
const MOST_KEPT = 2 ** 15;

/** Texts of a path's tokens (stand-ins) from index `from` on. A token that is text by itself begins anew, whatever
 * came before it, so only the tokens from the last such one on matter to those texts, and texts before it add up. */
export function createByteTexts(): (tokens: readonly string[], from: number) => PathTexts {
  // Null: a token that is no text by itself: a part of a character, bytes that are none, or nothing.
  const textOf = remember((token) => {
    const bytes = bytesOfStandIns(token);
    return bytes.length > 0 && isText(bytes) ? decodeTogether([bytes]).texts[0]! : null;
  });
  const bytesOf = remember(bytesOfStandIns); // each is a part of many characters
  /** The first token from `at` on that is text by itself. */
  const skipPartial = (tokens: readonly string[], at: number, end: number) => {
    while (at < end && textOf(tokens[at]!) === null) at++;
    return at;
  };
  const textsFrom = (tokens: readonly string[], start: number): ChunkText[] => {
    const texts: ChunkText[] = [];
    for (let at = start, end = start; at < tokens.length; at = end) {
      const own = textOf(tokens[at]!);
      end = own === null ? skipPartial(tokens, at, tokens.length) : at + 1;
      const made = own === null ? decodeTogether(tokens.slice(at, end).map(bytesOf)).texts : [own];
      for (const text of made) texts.push(text);
    }
    return texts;
  };
  return (tokens, from) => {
    let start = Math.min(from, tokens.length);
    while (start > 0 && (start === tokens.length || textOf(tokens[start]!) === null)) start--;
    let units = 0;
    for (let at = 0, end = 0; at < start; at = end) {
      const own = textOf(tokens[at]!);
      end = own === null ? skipPartial(tokens, at, start) : at + 1;
      units += own?.text.length ?? lossyText(concat(Uint8Array, tokens.slice(at, end).map(bytesOf))).length;
    }
    const texts = textsFrom(tokens, start);
    for (let at = start; at < from; at++) units += texts[at - start]!.text.length;
    return { offset: units, texts: from === start ? texts : texts.slice(from - start) };
  };
}

/** `make`, whose last answers are kept. */
function remember<T>(make: (token: string) => T): (token: string) => T {
  const kept = new Map<string, T>();
  return (token) => {
    const known = kept.get(token);
    if (known !== undefined) return known;
    const made = make(token);
    if (kept.size === MOST_KEPT) kept.clear();
    kept.set(token, made);
    return made;
  };
}
