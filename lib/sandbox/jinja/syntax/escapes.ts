// String literals as Jinja2 reads them: encode("ascii", "backslashreplace") and then decode("unicode-escape").
import { syntaxError } from "./error.ts";

const single: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escapes = /\\(?:([0-7]{1,3})|x([\da-f]{0,2})|u([\da-f]{0,4})|U([\da-f]{0,8})|(.))/gsu;
const digits = { x: 2, u: 4, U: 8 } as const;

/** The value of a literal's text between its quotes. An escape that Python doesn't know stays as it is. */
export function unescape(literal: string, line: number): string {
  if (!literal.includes("\\")) return literal;
  // Flags i and u together would fold more than the letters a to f.
  return literal.replace(
    new RegExp(escapes.source.replaceAll("\\da-f", "\\da-fA-F"), escapes.flags),
    (all, octal?: string, x?: string, u?: string, long?: string, other?: string) => {
      if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
      const hex = x ?? u ?? long;
      if (hex !== undefined) return decodeHex(all.charAt(1) as keyof typeof digits, hex, line);
      if (other === "N") {
        throw syntaxError("\\N{…} in a string is not supported: write the character itself", line);
      }
      return single[other!] ?? writeUnknownEscape(other!);
    },
  );
}

function decodeHex(kind: keyof typeof digits, hex: string, line: number): string {
  if (hex.length < digits[kind]) {
    throw syntaxError(`truncated \\${kind}${"X".repeat(digits[kind])} escape`, line);
  }
  const code = parseInt(hex, 16);
  if (code > 0x10ffff) throw syntaxError("illegal Unicode character", line);
  return String.fromCodePoint(code);
}

/** The reference writes what is not ASCII as an escape first: of "\é" the backslash and the letters xe9 are left. */
function writeUnknownEscape(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 128) return `\\${character}`;
  const [letter, width] = code > 0xffff
    ? ["U", 8] as const
    : code > 0xff
    ? ["u", 4] as const
    : ["x", 2] as const;
  return `\\${letter}${code.toString(16).padStart(width, "0")}`;
}
