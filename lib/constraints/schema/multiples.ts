// Multiples of a step, over numerals without exponent: the remainder of the digits read so far is a finite state.
import { bytesOfRanges } from "../ir/byte_set.ts";
import { refusal } from "../ir/refusal.ts";
import type { ByteAutomaton, Regex } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";
import { writeNumeral } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import type { NumberSet, Numerals } from "./numerals.ts";

/** More states than this are refused. */
const MAX_STATES = 100_000;

export type MultiplesOf = (step: Decimal, pointer: string) => NumberSet;

/** Gives the multiples of a step > 0. Throws a refusal for a step of too many significant digits. */
export function createMultiples(numerals: Numerals): MultiplesOf {
  const known = new Map<string, Regex>();
  return (step, pointer) => {
    const { arena } = numerals;
    const places = Math.max(0, -step.exponent);
    const modulus = step.digits * 10n ** BigInt(Math.max(0, step.exponent));
    if (modulus * BigInt(places + 2) > BigInt(MAX_STATES)) {
      throw refusal(`multipleOf needs more than ${MAX_STATES} states. Take a step with fewer digits.`, {
        pointer,
      });
    }
    const key = writeNumeral(step);
    let unsigned = known.get(key);
    if (unsigned === undefined) {
      known.set(key, unsigned = arena.automaton(buildRemainders(Number(modulus), places), 0));
    }
    const signed = arena.concat([arena.alt([literal(arena, "-"), arena.empty]), unsigned]);
    if (places > 0) return { language: arena.and([numerals.plain, signed]), spellings: numerals.plain };
    const pointZero = arena.alt([literal(arena, ".0"), arena.empty]);
    const language = arena.concat([arena.and([numerals.integer, signed]), pointZero]);
    return { language, spellings: numerals.countable };
  };
}

/**
 * Digits, and a fraction where `places` > 0, whose value × 10^places is divisible by `modulus`.
 * State `remainder`: in the whole part. State `(1 + read) × modulus + remainder`: `read` places of the fraction are
 * read; behind the last place only zeros may follow.
 */
function buildRemainders(modulus: number, places: number): ByteAutomaton {
  const digits = Array.from({ length: 10 }, (_, digit) => bytesOfRanges([0x30 + digit, 0x30 + digit]));
  /** What is missing to a multiple once the places that are not read are zeros. */
  const missing = (row: number, remainder: number) => {
    let rest = remainder;
    for (let i = Math.max(0, row - 1); i < places; i++) rest = rest * 10 % modulus;
    return (modulus - rest) % modulus;
  };
  const live = (row: number, remainder: number) => {
    return missing(row, remainder) < 10 ** (places - row + 1) ? row * modulus + remainder : -1;
  };
  return {
    sets: [...digits, bytesOfRanges([0x2e, 0x2e])],
    accepts: (state) => missing(Math.floor(state / modulus), state % modulus) === 0,
    next: (state, byte) => {
      const row = Math.floor(state / modulus);
      const remainder = state % modulus;
      if (byte === 0x2e) return row === 0 && places > 0 ? live(1, remainder) : -1;
      if (byte < 0x30 || byte > 0x39) return -1;
      if (row === places + 1) return byte === 0x30 ? state : -1;
      const after = (remainder * 10 + byte - 0x30) % modulus;
      return row === 0 ? after : live(row + 1, after);
    },
  };
}
