// Patterns as byte expressions: for the patterns of schemas, and for terminals of grammars.
import { refusal } from "../ir/refusal.ts";
import type { Place } from "../ir/refusal.ts";
import { withoutEmptyMatch } from "../ir/non_empty.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { anyText, codePoints } from "../ir/utf8.ts";
import type { CodePointRange } from "../ir/utf8.ts";
import type { PatternAlgebra } from "./lower.ts";
import type { PatternNode } from "./tree.ts";

export interface RegexAlgebraOptions {
  /** How a set of code points is written; by default in UTF-8. */
  readonly character?: (ranges: readonly CodePointRange[]) => Regex;
  /** Every text in that writing. */
  readonly anything?: Regex;
  /** Where a refused node is, for the error. */
  placeOf(node: PatternNode): Place;
}

/** The algebra of byte expressions, look-aheads included. */
export function createRegexAlgebra(
  arena: RegexArena,
  { character = (ranges) => codePoints(arena, ranges), anything = anyText(arena), placeOf }:
    RegexAlgebraOptions,
): PatternAlgebra<Regex> {
  const known = new Map<string, Regex>();
  return {
    empty: arena.empty,
    nothing: arena.nothing,
    set(ranges) {
      const key = ranges.join(" ");
      let regex = known.get(key);
      if (regex === undefined) known.set(key, regex = character(ranges));
      return regex;
    },
    concat: (parts) => arena.concat(parts),
    alt: (ways) => arena.alt(ways),
    repeat: (of, min, max) => arena.repeat(of, min, max),
    isNullable: (regex) => regex.nullable,
    nonEmpty: (regex) => withoutEmptyMatch(arena, regex),
    ahead: {
      anything,
      restrict: (regex, other, negated) => arena.and([regex, negated ? arena.not(other) : other]),
    },
    refuse(node, why) {
      throw refusal(why, placeOf(node));
    },
  };
}
