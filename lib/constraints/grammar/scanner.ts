// Reads a grammar's text from left to right.
import { placeInText, refusal } from "../ir/refusal.ts";

/** Brackets in brackets: deeper ones are refused. */
const MOST_NESTED = 500;

export class Scanner {
  readonly text: string;
  at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The next text is this; nothing is read. */
  sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Reads `text` if it comes next. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  /** Reads what matches here; `pattern` has the flag y. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  expect(text: string, why: string): void {
    if (!this.take(text)) throw this.refusal(why);
  }

  /** Reads something within brackets. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MOST_NESTED) {
      throw this.refusal(`The grammar nests deeper than ${MOST_NESTED} brackets.`);
    }
    const value = read();
    this.#depth--;
    return value;
  }

  /** An error at the present place, or at another. */
  refusal(message: string, at = this.at): Error {
    return refusal(message, placeInText(this.text, at));
  }

  /** What stands here, for an error. */
  found(): string {
    if (this.done) return "the grammar ends";
    const character = String.fromCodePoint(this.text.codePointAt(this.at)!);
    return character === "\n" ? "the line ends" : `there is ${JSON.stringify(character)}`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  f: "\f",
  v: "\v",
  b: "\b",
  0: "\0",
};
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The rest of a text in quotes that begins at `from`, and the quote behind it; `signs` as for `readCharacter`. Throws
 * a refusal where the line ends before. */
export function readQuoted(scanner: Scanner, from: number, signs: string): string {
  let text = "";
  while (!scanner.take('"')) {
    if (scanner.done || scanner.sees("\n")) {
      throw scanner.refusal("The quotes that begin here are not closed.", from);
    }
    text += readCharacter(scanner, signs);
  }
  return text;
}

/**
 * One character of a text in quotes or of a class, after which the scanner stands. `signs`: what may stand behind a
 * backslash for itself. Throws a refusal for an escape that is not known.
 */
export function readCharacter(scanner: Scanner, signs: string): string {
  const from = scanner.at;
  const character = String.fromCodePoint(scanner.text.codePointAt(from)!);
  scanner.at += character.length;
  if (character !== "\\") return character;
  const escaped = scanner.text[scanner.at++] ?? "";
  const digits = HEX_DIGITS[escaped];
  if (digits !== undefined) return readHex(scanner, digits, from);
  if (escaped !== "" && signs.includes(escaped)) return escaped;
  const meant = ESCAPES[escaped];
  if (meant === undefined) throw scanner.refusal(`The escape \\${escaped} is not known.`, from);
  return meant;
}

function readHex(scanner: Scanner, digits: number, from: number): string {
  const hex = scanner.text.slice(scanner.at, scanner.at + digits);
  const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? parseInt(hex, 16) : Infinity;
  if (code > 0x10ffff || code >= 0xd800 && code <= 0xdfff) {
    throw scanner.refusal(
      `Behind this backslash ${digits} hexadecimal digits of a character must stand.`,
      from,
    );
  }
  scanner.at += digits;
  return String.fromCodePoint(code);
}

/** How often something is repeated, from {m}, {m,}, {,n} or {m,n}; the scanner stands before the brace.
 * Throws a refusal for other counts. */
export function readCounts(scanner: Scanner): { readonly min: number; readonly max: number } {
  const from = scanner.at;
  const written = scanner.match(/\{\s*(\d{0,7})\s*(,\s*\d{0,7}\s*)?\}/y);
  const [, least = "", most] = /^\{\s*(\d*)\s*(?:,\s*(\d*)\s*)?\}$/.exec(written ?? "") ?? [];
  if (written === null || least + (most ?? "") === "") {
    throw scanner.refusal("Write how often as {3}, {1,} or {1,3}.", from);
  }
  const min = Number(least);
  const max = most === undefined ? min : most === "" ? Infinity : Number(most);
  if (max < min) throw scanner.refusal(`At least ${min} and at most ${max} times can't be.`, from);
  return { min, max };
}
