// Sets of numbers as expressions over the numerals that JSON writes for them. Everything is decided by value, digit
// by digit, so bounds of any size are exact.
import { bytesOfRanges } from "../ir/byte_set.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";
import { createDecimal, writeNumeral } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";

/** The building blocks of numerals, made once an arena. Magnitudes have no sign. */
export interface Numerals {
  readonly arena: RegexArena;
  readonly digit: Regex;
  /** Any number of digits, none included. */
  readonly digits: Regex;
  /** "0" or digits that do not begin with 0. */
  readonly whole: Regex;
  /** "." and digits, or nothing. */
  readonly fraction: Regex;
  /** "e" or "E" with its exponent. */
  readonly exponent: Regex;
  /** Every JSON number. */
  readonly any: Regex;
  /** Integers as they are written: no fraction, no exponent, no "-0". */
  readonly integer: Regex;
  /** Integers, also with ".0" behind: 5.0 is an integer from draft 6 on. */
  readonly integerValued: Regex;
  /** The spellings for which it is decided whether they are integers. */
  readonly countable: Regex;
  /** Numbers without exponent; no zero has a sign. */
  readonly plain: Regex;
  /** Numbers without exponent that are no integers. */
  readonly fractional: Regex;
  /** One digit other than 0, a fraction or none, an exponent: what JSON.stringify writes for 1e+21 or 1.5e-7. */
  readonly scientific: Regex;
}

/**
 * Numerals that are in the set, among those spellings for which it can be decided. A number that must be an integer
 * is written without exponent and with no fraction but ".0", one within bounds without exponent or in normal scientific
 * form.
 */
export interface NumberSet {
  readonly language: Regex;
  readonly spellings: Regex;
}

/** The regexes of JSON's numerals, made once in an arena. */
export function createNumerals(arena: RegexArena): Numerals {
  const text = (value: string) => literal(arena, value);
  const digit = digitsBetween(arena, 0, 9);
  const digits = arena.repeat(digit, 0, Infinity);
  const nonzero = digitsBetween(arena, 1, 9);
  const whole = arena.alt([text("0"), arena.concat([nonzero, digits])]);
  const point = text(".");
  const fraction = allowEmpty(arena, arena.concat([point, digit, digits]));
  const exponent = arena.concat([byteOfE(arena), sign(arena), digit, digits]);
  const minus = allowEmpty(arena, text("-"));
  const positive = arena.concat([nonzero, digits]);
  const someFraction = arena.concat([point, digits, nonzero, digits]);
  const above = arena.alt([arena.concat([positive, fraction]), arena.concat([text("0"), someFraction])]);
  const integer = arena.alt([text("0"), arena.concat([minus, positive])]);
  const integerValued = arena.concat([integer, allowEmpty(arena, text(".0"))]);
  const fractional = arena.concat([minus, whole, someFraction]);
  const mantissa = arena.concat([minus, nonzero, fraction]);
  return {
    arena,
    digit,
    digits,
    whole,
    fraction,
    exponent,
    any: arena.concat([minus, whole, fraction, allowEmpty(arena, exponent)]),
    integer,
    integerValued,
    countable: arena.alt([integerValued, fractional, numeralsBelowOne(arena, mantissa)]),
    plain: arena.alt([
      arena.concat([text("0"), allowEmpty(arena, arena.concat([point, repeatText(arena, "0", 1)]))]),
      arena.concat([minus, above]),
    ]),
    fractional,
    scientific: arena.concat([mantissa, exponent]),
  };
}

/** Scientific numerals with a negative exponent, which are no integers: "1.5e-7". */
function numeralsBelowOne(arena: RegexArena, mantissa: Regex): Regex {
  const digits = arena.repeat(digitsBetween(arena, 0, 9), 0, Infinity);
  const power = arena.concat([repeatText(arena, "0", 0), digitsBetween(arena, 1, 9), digits]);
  return arena.concat([mantissa, byteOfE(arena), literal(arena, "-"), power]);
}

/** "e" or "E". */
export function byteOfE(arena: RegexArena): Regex {
  return arena.bytes(bytesOfRanges([0x45, 0x45], [0x65, 0x65]));
}

/** Plain numerals of one value: "1.5", "1.50", … */
export function numeralsOf(numerals: Numerals, value: Decimal): Regex {
  const { arena } = numerals;
  const tail = repeatText(arena, "0", 0);
  const written = literal(arena, writeNumeral(value));
  if (value.exponent < 0) return arena.concat([written, tail]);
  return arena.concat([written, allowEmpty(arena, arena.concat([literal(arena, ".0"), tail]))]);
}

/** True where JSON.stringify writes a number with an exponent. */
export function isWrittenScientifically({ digits, exponent }: Decimal): boolean {
  const power = exponent + digits.toString().replace("-", "").length - 1;
  return digits !== 0n && (power < -6 || power > 20);
}

/** Normal scientific numerals of one value: "1.5e-7", "1.50E-07", … */
export function scientificNumeralsOf(numerals: Numerals, { digits, exponent }: Decimal): Regex {
  const { arena } = numerals;
  if (digits === 0n) return arena.nothing;
  const size = (digits < 0n ? -digits : digits).toString().length;
  return arena.concat([
    numeralsOf(numerals, createDecimal(digits, 1 - size)),
    byteOfE(arena),
    exponentsOf(arena, exponent + size - 1),
  ]);
}

/** A power of ten as an exponent is written: "e+5", "E05", … */
export function exponentsOf(arena: RegexArena, power: number): Regex {
  const signs = power === 0
    ? sign(arena)
    : power > 0
    ? allowEmpty(arena, literal(arena, "+"))
    : literal(arena, "-");
  return arena.concat([signs, repeatText(arena, "0", 0), literal(arena, String(Math.abs(power)))]);
}

function sign(arena: RegexArena): Regex {
  return allowEmpty(arena, arena.bytes(bytesOfRanges([0x2b, 0x2b], [0x2d, 0x2d])));
}

/** One digit between two, both included. */
export function digitsBetween(arena: RegexArena, from: number, to: number): Regex {
  return arena.bytes(bytesOfRanges([0x30 + from, 0x30 + to]));
}

/** `text` at least `min` times. */
export function repeatText(arena: RegexArena, text: string, min: number): Regex {
  return arena.repeat(literal(arena, text), min, Infinity);
}

/** The language and the empty text. */
export function allowEmpty(arena: RegexArena, regex: Regex): Regex {
  return arena.alt([regex, arena.empty]);
}
