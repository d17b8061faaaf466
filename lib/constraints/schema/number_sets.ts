// Union, intersection and complement of sets of numbers.
import { decideEmptiness } from "./algebra.ts";
import type { Algebra } from "./algebra.ts";
import type { Regex } from "../ir/regex.ts";
import type { NumberSet } from "./numerals.ts";

/** The numbers of both sets, among the spellings that both decide. */
export function intersectNumbers(algebra: Algebra, a: NumberSet, b: NumberSet): NumberSet {
  const { any } = algebra.universe.numerals;
  const { arena } = algebra.universe.strings;
  if (a.language === any) return b;
  if (b.language === any) return a;
  const language = a.language === b.language
    ? a.language
    : decideEmptiness(algebra, arena.and([a.language, b.language]));
  return { language, spellings: intersectSpellings(algebra, a.spellings, b.spellings) };
}

/** The numbers of either set, among the spellings that both decide. */
export function uniteNumbers(algebra: Algebra, a: NumberSet, b: NumberSet): NumberSet {
  const { any } = algebra.universe.numerals;
  if (a.language === any || b.language === any) return algebra.universe.any.numbers;
  const { arena } = algebra.universe.strings;
  return {
    language: arena.alt([a.language, b.language]),
    spellings: intersectSpellings(algebra, a.spellings, b.spellings),
  };
}

/** The numbers outside the set, among the spellings that it decides. */
export function complementNumbers(algebra: Algebra, { language, spellings }: NumberSet): NumberSet {
  const { any, none, numerals, strings: { arena } } = algebra.universe;
  if (language === numerals.any) return none.numbers;
  if (language === arena.nothing) return any.numbers;
  return { language: decideEmptiness(algebra, arena.and([spellings, arena.not(language)])), spellings };
}

function intersectSpellings(algebra: Algebra, a: Regex, b: Regex): Regex {
  const { any } = algebra.universe.numerals;
  if (a === any) return b;
  return b === any ? a : algebra.universe.strings.arena.and([a, b]);
}
