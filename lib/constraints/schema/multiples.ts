// Multiples of a step, over numerals without exponent: the remainder of the digits read so far is a finite state.
import { byteRanges } from "../ir/byte_set.ts";
import { refusal } from "../ir/refusal.ts";
import type { Automaton } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";
import type { Decimal } from "./decimal.ts";
import type { Numerals } from "./numerals.ts";
import type { NumberSet } from "./shape.ts";

/** More states than this are refused. */
const MAX_STATES = 100_000;

/** The multiples of step > 0. Throws a refusal for a step of too many significant digits. */
export function multiplesOf(numerals: Numerals, step: Decimal, pointer: string): NumberSet {
  const { arena } = numerals;
  const places = Math.max(0, -step.exponent);
  const modulus = step.digits * 10n ** BigInt(Math.max(0, step.exponent));
  if (modulus * BigInt(places + 2) > BigInt(MAX_STATES)) {
    throw refusal(`multipleOf needs more than ${MAX_STATES} states. Take a step with fewer digits.`, {
      pointer,
    });
  }
  const whole = places === 0;
  const unsigned = whole && modulus === 1n
    ? arena.repeat(numerals.digit, 1, Infinity)
    : arena.automaton(remainders(Number(modulus), places), 0);
  const signed = arena.concat([arena.alt([literal(arena, "-"), arena.empty]), unsigned]);
  const spellings = whole ? arena.alt([numerals.integer, numerals.fractional]) : numerals.plain;
  return { language: arena.and([whole ? numerals.integer : numerals.plain, signed]), spellings };
}

/**
 * Digits, and a fraction where `places` > 0, whose value × 10^places is divisible by `modulus`.
 * State `remainder`: in the whole part. State `(1 + read) × modulus + remainder`: `read` places of the fraction are
 * read; behind the last place only zeros may follow.
 */
function remainders(modulus: number, places: number): Automaton {
  const digits = Array.from({ length: 10 }, (_, digit) => byteRanges([0x30 + digit, 0x30 + digit]));
  const point = byteRanges([0x2e, 0x2e]);
  return {
    key: `multiples of ${modulus} at ${places}`,
    sets: [...digits, point],
    accepts: (state) => {
      const read = Math.max(0, Math.floor(state / modulus) - 1);
      let rest = state % modulus;
      for (let i = read; i < places; i++) rest = rest * 10 % modulus;
      return rest === 0;
    },
    next: (state, byte) => {
      const row = Math.floor(state / modulus);
      const rest = state % modulus;
      if (byte === 0x2e) return row === 0 && places > 0 ? modulus + rest : null;
      if (byte < 0x30 || byte > 0x39) return null;
      if (row === places + 1) return byte === 0x30 ? state : null;
      return (row === 0 ? 0 : row + 1) * modulus + (rest * 10 + byte - 0x30) % modulus;
    },
  };
}
