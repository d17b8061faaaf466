// Texts of a path whose tokens are bytes and nothing else, without decoding what comes before the part asked for: a
// click asks for one token behind a thousand.
import { concat } from "../../basics/concat.ts";
import { type ChunkText, decodeTogether, isText, lossyText, type PathTexts } from "../unicode/utf8.ts";
import { bytesOfStandIns } from "./bytes.ts";

/** A token that is no text by itself: a part of a character, bytes that are none, or nothing. */
const PARTIAL = -1;

/** Whether a token's first byte begins a character, or is none of any: what comes before ends there. */
export function beginsCharacter(token: string): boolean {
  const first = bytesOfStandIns(token.slice(0, 1))[0];
  return first !== undefined && (first & 0xc0) !== 0x80;
}

/** Texts of a path's tokens (stand-ins) from index `from` on. A token that is text by itself begins anew, whatever
 * came before it, so only the tokens from the last such one on matter to those texts, and texts before it add up. */
export function createByteTexts(): (tokens: readonly string[], from: number) => PathTexts {
  const known = new Map<string, number>(); // UTF-16 units of tokens that are text, by token
  const unitsOf = (token: string): number => {
    const units = known.get(token) ?? countUnits(bytesOfStandIns(token));
    known.set(token, units);
    return units;
  };
  return (tokens, from) => {
    let start = Math.min(from, tokens.length);
    while (start > 0 && (start === tokens.length || unitsOf(tokens[start]!) === PARTIAL)) start--;
    let units = 0;
    for (let at = 0; at < start; at++) {
      const own = unitsOf(tokens[at]!);
      if (own !== PARTIAL) {
        units += own;
        continue;
      }
      const first = at; // of a run of partial tokens, which are text together
      while (at + 1 < start && unitsOf(tokens[at + 1]!) === PARTIAL) at++;
      units += lossyText(concat(Uint8Array, tokens.slice(first, at + 1).map(bytesOfStandIns))).length;
    }
    const texts = decodeTextsFrom(tokens, start, (token) => unitsOf(token) === PARTIAL);
    for (let at = start; at < from; at++) units += texts[at - start]!.text.length;
    return { offset: units, texts: from === start ? texts : texts.slice(from - start) };
  };
}

/** Texts of the tokens from `start` on, where one begins that is text by itself, or the path. */
function decodeTextsFrom(
  tokens: readonly string[],
  start: number,
  isPartial: (token: string) => boolean,
): ChunkText[] {
  // Most tokens and characters of a text come again. A partial token has no space in it, another one may.
  const [alone, runs] = [new Map<string, readonly ChunkText[]>(), new Map<string, readonly ChunkText[]>()];
  const texts: ChunkText[] = [];
  for (let at = start, end = start; at < tokens.length; at = end) {
    const partial = isPartial(tokens[end++]!);
    while (partial && end < tokens.length && isPartial(tokens[end]!) && !beginsCharacter(tokens[end]!)) end++;
    const [known, key] = end === at + 1 ? [alone, tokens[at]!] : [runs, tokens.slice(at, end).join(" ")];
    let made = known.get(key);
    if (made === undefined) {
      made = decodeTogether(tokens.slice(at, end).map(bytesOfStandIns)).texts;
      known.set(key, made);
    }
    for (const text of made) texts.push(text);
  }
  return texts;
}

function countUnits(bytes: Uint8Array): number {
  return bytes.length > 0 && isText(bytes) ? lossyText(bytes).length : PARTIAL;
}
