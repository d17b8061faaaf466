// Texts cut at the characters of a class. A table knows a character in a tenth of the time that an expression takes,
// which counts where nearly every character is one: a text of digits has a million.
import { rememberFlags } from "../../basics/flags.ts";
import { startOfLastCharacter } from "./last_character.ts";
import type { SectionReader } from "./pattern.ts";

const CODE_POINTS = 0x110000;
/** Characters between two of the class that are looked up: an expression passes over many of them faster. */
const NEAR = 16;

/** A class of characters. */
export interface CharacterClass {
  /** Finds one. */
  readonly pattern: RegExp;
  /** Whether the character of a code point is one. */
  has(code: number): boolean;
}

/** The class whose inside stands in a regular expression with the flag u. */
export function createCharacterClass(characters: string): CharacterClass {
  const pattern = new RegExp(`[${characters}]`, "u");
  return {
    pattern,
    has: rememberFlags(CODE_POINTS, (code) => pattern.test(String.fromCodePoint(code))),
  };
}

/** Cuts texts into the characters of a class, one by one, and what lies between. */
export function createCharacterReader({ pattern, has }: CharacterClass): SectionReader {
  const search = new RegExp(pattern, "gu");
  let text = "";
  /** Where the first character of the class from a place on begins. */
  const find = (at: number): number => {
    for (let near = 0; near < NEAR; near++) {
      if (at === text.length) return at;
      const code = text.codePointAt(at)!;
      if (has(code)) return at;
      at += code > 0xffff ? 2 : 1;
    }
    search.lastIndex = at;
    return search.test(text) ? startOfLastCharacter(text, search.lastIndex) : text.length;
  };
  const reader = {
    end: 0,
    matched: false,
    begin(given: string) {
      text = given;
      reader.end = 0;
    },
    next(): boolean {
      const start = reader.end;
      if (start === text.length) return false;
      const code = text.codePointAt(start)!;
      reader.matched = has(code);
      const behind = start + (code > 0xffff ? 2 : 1);
      reader.end = reader.matched ? behind : find(behind);
      return true;
    },
  };
  return reader;
}
