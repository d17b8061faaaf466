// Numerals above and below a bound, of any size: digit by digit, so that nothing is rounded.
import type { Regex, RegexArena } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";
import { createDecimal, writeNumeral } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import { allowEmpty, byteOfE, digitsBetween, exponentsOf, repeatText } from "./numerals.ts";
import type { Numerals } from "./numerals.ts";

/** Plain and scientific numerals of at least (`strict`: more than) `bound`. */
export function numeralsFrom(numerals: Numerals, bound: Decimal, strict: boolean): Regex {
  const { arena } = numerals;
  if (bound.digits > 0n) return magnitudes(numerals, bound, "above", strict);
  const positive = arena.alt([numerals.plain, numerals.scientific]);
  const unsigned = arena.and([positive, arena.not(arena.concat([literal(arena, "-"), arena.everything]))]);
  if (bound.digits === 0n) {
    return strict ? arena.and([unsigned, arena.not(numeralsOfZero(arena))]) : unsigned;
  }
  return arena.alt([unsigned, withMinus(numerals, magnitudes(numerals, negate(bound), "below", strict))]);
}

/** Plain and scientific numerals of at most (`strict`: less than) `bound`. */
export function numeralsTo(numerals: Numerals, bound: Decimal, strict: boolean): Regex {
  const { arena } = numerals;
  if (bound.digits < 0n) return withMinus(numerals, magnitudes(numerals, negate(bound), "above", strict));
  const nonpositive = arena.alt([
    ...strict && bound.digits === 0n ? [] : [numeralsOfZero(arena)],
    withMinus(
      numerals,
      arena.concat([numerals.whole, numerals.fraction, allowEmpty(arena, numerals.exponent)]),
    ),
  ]);
  if (bound.digits === 0n) return nonpositive;
  return arena.alt([nonpositive, magnitudes(numerals, bound, "below", strict)]);
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
    plainMagnitudes(numerals, createDecimal(bound.digits, 1 - digits.length), side, strict),
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
  const [whole, fraction = ""] = writeNumeral(bound).split(".");
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
  return bound === "" && strict ? arena.nothing : allowEmpty(arena, written);
}

/** Exponents greater than `power`, with a sign and zeros in front as they come. */
function exponentsAbove(numerals: Numerals, power: number): Regex {
  const { arena, digit, digits } = numerals;
  const signless = allowEmpty(arena, literal(arena, "+"));
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
    allowEmpty(arena, literal(arena, "+")),
    lead,
    wholesBeside(numerals, String(power), "below"),
  ]);
  return arena.alt([arena.concat([minus, digit, digits]), small]);
}

function withMinus(numerals: Numerals, magnitude: Regex): Regex {
  const { arena } = numerals;
  const known = arena.alt([numerals.plain, numerals.scientific]);
  return arena.and([known, arena.concat([literal(arena, "-"), magnitude])]);
}

function negate(value: Decimal): Decimal {
  return { digits: -value.digits, exponent: value.exponent };
}

/** "0", "0.0", … */
function numeralsOfZero(arena: RegexArena): Regex {
  return arena.concat([
    literal(arena, "0"),
    allowEmpty(arena, arena.concat([literal(arena, "."), repeatText(arena, "0", 1)])),
  ]);
}
