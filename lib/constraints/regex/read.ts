// A regular expression as a grammar: one terminal for each character or class of the pattern, so that an explanation
// can say where in the pattern a text stands.
import type { Expr, GrammarBuilder } from "../ir/grammar.ts";
import { isNullable, withoutEmptyText } from "../ir/nullable.ts";
import type { NonEmptyRules } from "../ir/nullable.ts";
import { placeInText, refusal } from "../ir/refusal.ts";
import type { RegexArena } from "../ir/regex.ts";
import { codePoints } from "../ir/utf8.ts";
import { matchWhole } from "../pattern/lower.ts";
import type { PatternAlgebra } from "../pattern/lower.ts";
import { readPattern } from "../pattern/read.ts";

/** The texts that match as a whole (ECMAScript with the flag u). Throws refusals with line and column. */
export function compileRegex(pattern: string, arena: RegexArena, builder: GrammarBuilder): Expr {
  const rules: NonEmptyRules = { arena, builder, isNullable: () => false, nonEmptyRule: (rule) => rule };
  const terminals = new Map<string, Expr>();
  const algebra: PatternAlgebra<Expr> = {
    empty: builder.empty,
    nothing: builder.nothing,
    set(ranges, { from, to }) {
      const key = `${from},${to},${ranges.length === 0}`;
      let terminal = terminals.get(key);
      if (terminal === undefined) {
        const origin = { name: pattern.slice(from, to), from, to };
        terminals.set(key, terminal = builder.terminal(codePoints(arena, ranges), origin));
      }
      return terminal;
    },
    concat: (parts) => builder.seq(parts),
    alt: (ways) => builder.choice(ways),
    repeat: (of, min, max) => builder.repeat(of, min, max),
    isNullable: (expr) => isNullable(expr, () => false),
    nonEmpty: (expr) => withoutEmptyText(rules, expr),
    ahead: null,
    refuse(node, why) {
      throw refusal(why, placeInText(pattern, node.from));
    },
  };
  return matchWhole(algebra, readPattern(pattern));
}
