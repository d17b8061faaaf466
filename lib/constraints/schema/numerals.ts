// Sets of numbers as expressions over the numerals that JSON writes for them. Everything is decided by value, digit
// by digit, so bounds of any size are exact.
import { byteRanges } from "../ir/byte_set.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";
import { decimal, plainNumeral } from "./decimal.ts";
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
 * is written without exponent and with no fraction but ".0", one within bounds without exponent or in normal scientific form.
 */
export interface NumberSet {
  readonly language: Regex;
  readonly spellings: Regex;
}

export function createNumerals(arena: RegexArena): Numerals {
  const text = (value: string) => literal(arena, value);
  const digit = digitsBetween(arena, 0, 9);
  const digits = arena.repeat(digit, 0, Infinity);
  const nonzero = digitsBetween(arena, 1, 9);
  const whole = arena.alt([text("0"), arena.concat([nonzero, digits])]);
  const point = text(".");
  const fraction = optional(arena, arena.concat([point, digit, digits]));
  const exponent = arena.concat([byteOfE(arena), sign(arena), digit, digits]);
  const minus = optional(arena, text("-"));
  const positive = arena.concat([nonzero, digits]);
  const someFraction = arena.concat([point, digits, nonzero, digits]);
  const above = arena.alt([arena.concat([positive, fraction]), arena.concat([text("0"), someFraction])]);
  const integer = arena.alt([text("0"), arena.concat([minus, positive])]);
  const integerValued = arena.concat([integer, optional(arena, text(".0"))]);
  const fractional = arena.concat([minus, whole, someFraction]);
  const mantissa = arena.concat([minus, nonzero, fraction]);
  return {
    arena,
    digit,
    digits,
    whole,
    fraction,
    exponent,
    any: arena.concat([minus, whole, fraction, optional(arena, exponent)]),
    integer,
    integerValued,
    countable: arena.alt([integerValued, fractional, belowOne(arena, mantissa)]),
    plain: arena.alt([
      arena.concat([text("0"), optional(arena, arena.concat([point, repeatText(arena, "0", 1)]))]),
      arena.concat([minus, above]),
    ]),
    fractional,
    scientific: arena.concat([mantissa, exponent]),
  };
}

/** Scientific numerals with a negative exponent, which are no integers: "1.5e-7". */
function belowOne(arena: RegexArena, mantissa: Regex): Regex {
  const digits = arena.repeat(digitsBetween(arena, 0, 9), 0, Infinity);
  const power = arena.concat([repeatText(arena, "0", 0), digitsBetween(arena, 1, 9), digits]);
  return arena.concat([mantissa, byteOfE(arena), literal(arena, "-"), power]);
}

function byteOfE(arena: RegexArena): Regex {
  return arena.bytes(byteRanges([0x45, 0x45], [0x65, 0x65]));
}

/** Plain and scientific numerals of at least (`strict`: more than) `bound`. */
export function numeralsFrom(numerals: Numerals, bound: Decimal, strict: boolean): Regex {
  const { arena } = numerals;
  if (bound.digits > 0n) return magnitudes(numerals, bound, "above", strict);
  const positive = arena.alt([numerals.plain, numerals.scientific]);
  const unsigned = arena.and([positive, arena.not(arena.concat([literal(arena, "-"), arena.everything]))]);
  if (bound.digits === 0n) {
    return strict ? arena.and([unsigned, arena.not(zeros(arena))]) : unsigned;
  }
  return arena.alt([unsigned, negative(numerals, magnitudes(numerals, negate(bound), "below", strict))]);
}

/** Plain and scientific numerals of at most (`strict`: less than) `bound`. */
export function numeralsTo(numerals: Numerals, bound: Decimal, strict: boolean): Regex {
  const { arena } = numerals;
  if (bound.digits < 0n) return negative(numerals, magnitudes(numerals, negate(bound), "above", strict));
  const nonpositive = arena.alt([
    ...strict && bound.digits === 0n ? [] : [zeros(arena)],
    negative(numerals, arena.concat([numerals.whole, numerals.fraction, optional(arena, numerals.exponent)])),
  ]);
  if (bound.digits === 0n) return nonpositive;
  return arena.alt([nonpositive, magnitudes(numerals, bound, "below", strict)]);
}

/** Plain numerals of one value: "1.5", "1.50", … */
export function numeralsOf(numerals: Numerals, value: Decimal): Regex {
  const { arena } = numerals;
  const tail = repeatText(arena, "0", 0);
  const written = literal(arena, plainNumeral(value));
  if (value.exponent < 0) return arena.concat([written, tail]);
  return arena.concat([written, optional(arena, arena.concat([literal(arena, ".0"), tail]))]);
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
    numeralsOf(numerals, decimal(digits, 1 - size)),
    byteOfE(arena),
    exponentsOf(arena, exponent + size - 1),
  ]);
}

type Side = "above" | "below";

/** Magnitudes on one side of a positive bound: plain ones, and normal scientific ones by exponent, then mantissa. */
function magnitudes(numerals: Numerals, bound: Decimal, side: Side, strict: boolean): Regex {
  const { arena } = numerals;
  const digits = bound.digits.toString();
  const power = bound.exponent + digits.length - 1;
  const mantissa = arena.concat([digitsBetween(arena, 1, 9), numerals.fraction]);
  const here = arena.and([
    mantissa,
    plainMagnitudes(numerals, decimal(bound.digits, 1 - digits.length), side, strict),
  ]);
  const e = byteOfE(arena);
  return arena.alt([
    plainMagnitudes(numerals, bound, side, strict),
    arena.concat([
      mantissa,
      e,
      side === "above" ? exponentsAbove(numerals, power) : exponentsBelow(numerals, power),
    ]),
    arena.concat([here, e, exponentsOf(arena, power)]),
  ]);
}

function plainMagnitudes(numerals: Numerals, bound: Decimal, side: Side, strict: boolean): Regex {
  const { arena } = numerals;
  const [whole, fraction = ""] = plainNumeral(bound).split(".");
  const others = wholesBeside(numerals, whole!, side);
  const same = side === "above"
    ? fractionsFrom(numerals, fraction, strict)
    : fractionsTo(numerals, fraction, strict);
  return arena.alt([arena.concat([others, numerals.fraction]), arena.concat([literal(arena, whole!), same])]);
}

/** Whole numbers greater or less than `bound`, both without sign. */
function wholesBeside(numerals: Numerals, bound: string, side: Side): Regex {
  const { arena, digit, digits } = numerals;
  const size = bound.length;
  const nonzero = digitsBetween(arena, 1, 9);
  const ways = [];
  if (side === "above") ways.push(arena.concat([nonzero, arena.repeat(digit, size, size), digits]));
  else if (size > 1) {
    ways.push(literal(arena, "0"), arena.concat([nonzero, arena.repeat(digit, 0, size - 2)]));
  }
  for (let i = 0; i < size; i++) {
    const at = Number(bound[i]);
    const lowest = i === 0 && size > 1 ? 1 : 0;
    const [from, to] = side === "above" ? [Math.max(at + 1, lowest), 9] : [lowest, at - 1];
    if (from > to) continue;
    const rest = size - i - 1;
    ways.push(arena.concat([
      literal(arena, bound.slice(0, i)),
      digitsBetween(arena, from, to),
      arena.repeat(digit, rest, rest),
    ]));
  }
  return arena.alt(ways);
}

/** What may follow a whole part equal to the bound's: fractions from `bound` up. `bound` has no zeros at its end. */
function fractionsFrom(numerals: Numerals, bound: string, strict: boolean): Regex {
  const { arena, digits, fraction } = numerals;
  if (bound === "" && !strict) return fraction;
  const more = arena.concat([digits, digitsBetween(arena, 1, 9), digits]);
  const ways = [arena.concat([literal(arena, bound), strict ? more : digits])];
  for (let i = 0; i < bound.length; i++) {
    const at = Number(bound[i]);
    if (at < 9) {
      ways.push(arena.concat([literal(arena, bound.slice(0, i)), digitsBetween(arena, at + 1, 9), digits]));
    }
  }
  return arena.concat([literal(arena, "."), arena.alt(ways)]);
}

function fractionsTo(numerals: Numerals, bound: string, strict: boolean): Regex {
  const { arena, digits } = numerals;
  const ways = [];
  for (let i = 0; i < bound.length; i++) {
    const at = Number(bound[i]);
    const head = literal(arena, bound.slice(0, i));
    if (at > 0) ways.push(arena.concat([head, digitsBetween(arena, 0, at - 1), digits]));
    if (i > 0) ways.push(head);
  }
  if (!strict) {
    const tail = repeatText(arena, "0", bound === "" ? 1 : 0);
    ways.push(arena.concat([literal(arena, bound), tail]));
  }
  const written = arena.concat([literal(arena, "."), arena.alt(ways)]);
  return bound === "" && strict ? arena.nothing : optional(arena, written);
}

/** Exponents greater than `power`, with a sign and zeros in front as they come. */
function exponentsAbove(numerals: Numerals, power: number): Regex {
  const { arena, digit, digits } = numerals;
  const signless = optional(arena, literal(arena, "+"));
  const lead = repeatText(arena, "0", 0);
  if (power >= 0) return arena.concat([signless, lead, wholesBeside(numerals, String(power), "above")]);
  const small = arena.concat([literal(arena, "-"), lead, wholesBeside(numerals, String(-power), "below")]);
  return arena.alt([arena.concat([signless, digit, digits]), small]);
}

function exponentsBelow(numerals: Numerals, power: number): Regex {
  const { arena, digit, digits } = numerals;
  const lead = repeatText(arena, "0", 0);
  const minus = literal(arena, "-");
  if (power <= 0) return arena.concat([minus, lead, wholesBeside(numerals, String(-power), "above")]);
  const small = arena.concat([
    optional(arena, literal(arena, "+")),
    lead,
    wholesBeside(numerals, String(power), "below"),
  ]);
  return arena.alt([arena.concat([minus, digit, digits]), small]);
}

function exponentsOf(arena: RegexArena, power: number): Regex {
  const signs = power === 0
    ? sign(arena)
    : power > 0
    ? optional(arena, literal(arena, "+"))
    : literal(arena, "-");
  return arena.concat([signs, repeatText(arena, "0", 0), literal(arena, String(Math.abs(power)))]);
}

function negative(numerals: Numerals, magnitude: Regex): Regex {
  const { arena } = numerals;
  const known = arena.alt([numerals.plain, numerals.scientific]);
  return arena.and([known, arena.concat([literal(arena, "-"), magnitude])]);
}

function negate(value: Decimal): Decimal {
  return { digits: -value.digits, exponent: value.exponent };
}

/** "0", "0.0", … */
function zeros(arena: RegexArena): Regex {
  return arena.concat([
    literal(arena, "0"),
    optional(arena, arena.concat([literal(arena, "."), repeatText(arena, "0", 1)])),
  ]);
}

function sign(arena: RegexArena): Regex {
  return optional(arena, arena.bytes(byteRanges([0x2b, 0x2b], [0x2d, 0x2d])));
}

function digitsBetween(arena: RegexArena, from: number, to: number): Regex {
  return arena.bytes(byteRanges([0x30 + from, 0x30 + to]));
}

function repeatText(arena: RegexArena, text: string, min: number): Regex {
  return arena.repeat(literal(arena, text), min, Infinity);
}

function optional(arena: RegexArena, regex: Regex): Regex {
  return arena.alt([regex, arena.empty]);
}
