// Texts of a path whose tokens are bytes and nothing else, without decoding what comes before the part asked for: a
// click asks for one token behind a thousand.
import { concat } from "../../basics/concat.ts";
import { chunkTexts, isText, lossyText, type PathTexts } from "../unicode/utf8.ts";
import { bytesOfStandIns } from "./bytes.ts";

/** A token that is no text by itself: a part of a character, bytes that are none, or nothing. */
const PARTIAL = -1;

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
    const { offset, texts } = chunkTexts(tokens.slice(start).map(bytesOfStandIns), from - start);
    return { offset: units + offset, texts };
  };
}

function countUnits(bytes: Uint8Array): number {
  return bytes.length > 0 && isText(bytes) ? lossyText(bytes).length : PARTIAL;
}
