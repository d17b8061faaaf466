// Which rules can produce the empty text, which any text at all, and expressions without their empty text.
import type { Expr, Grammar, GrammarBuilder, Rule } from "./grammar.ts";
import { piecesOf } from "./grammar.ts";
import { isProductiveMembers } from "./members.ts";
import { withoutEmptyMatch } from "./non_empty.ts";
import type { Regex, RegexArena } from "./regex.ts";

/** Decides `rule` for every rule: the least solution, found by repeating until nothing changes. Passes go up and
 * down by turns, so that rules in either order of definition need few of them. */
export function solveRules(
  grammar: Grammar,
  decide: (body: Expr, known: (rule: Rule) => boolean) => boolean,
): boolean[] {
  const solved = grammar.bodies.map(() => false);
  const ids = grammar.bodies.map((_, id) => id);
  for (let changed = true; changed;) {
    changed = false;
    for (const id of ids.reverse()) {
      if (solved[id] || !decide(grammar.bodies[id]!, (rule) => solved[rule.id]!)) continue;
      solved[id] = changed = true;
    }
  }
  return solved;
}

/** True where the empty text is among the texts of `expr`. */
export function isNullable(expr: Expr, rule: (rule: Rule) => boolean): boolean {
  switch (expr.kind) {
    case "empty":
      return true;
    case "terminal":
      return expr.regex.nullable;
    case "call":
      return rule(expr.rule);
    case "seq":
      return piecesOf(expr).every((part) => isNullable(part, rule));
    case "choice":
      return expr.of.some((part) => isNullable(part, rule));
    case "repeat":
      return expr.min === 0 || isNullable(expr.of, rule);
    case "members":
      return false;
  }
}

/** True where `expr` has a text. `terminal` tells whether a regex has one. */
export function isProductive(
  expr: Expr,
  rule: (rule: Rule) => boolean,
  terminal: (regex: Regex) => boolean,
): boolean {
  switch (expr.kind) {
    case "empty":
      return true;
    case "terminal":
      return terminal(expr.regex);
    case "call":
      return rule(expr.rule);
    case "seq":
      return piecesOf(expr).every((part) => isProductive(part, rule, terminal));
    case "choice":
      return expr.of.some((part) => isProductive(part, rule, terminal));
    case "repeat":
      return expr.min === 0 || isProductive(expr.of, rule, terminal);
    case "members":
      return isProductiveMembers(expr, (part) => isProductive(part, rule, terminal));
  }
}

/** What `withoutEmptyText` needs: where to make expressions, what is nullable, and each rule without its empty text. */
export interface NonEmptyRules {
  readonly arena: RegexArena;
  readonly builder: GrammarBuilder;
  isNullable(rule: Rule): boolean;
  nonEmptyRule(rule: Rule): Rule;
}

/** The texts of `expr` but the empty one. */
export function withoutEmptyText(rules: NonEmptyRules, expr: Expr): Expr {
  const { arena, builder } = rules;
  if (!isNullable(expr, (rule) => rules.isNullable(rule))) return expr;
  switch (expr.kind) {
    case "empty":
      return builder.nothing;
    case "terminal":
      return builder.terminal(withoutEmptyMatch(arena, expr.regex), expr.origin);
    case "members":
      return expr;
    case "call":
      return builder.call(rules.nonEmptyRule(expr.rule));
    case "choice":
      return builder.choice(expr.of.map((part) => withoutEmptyText(rules, part)));
    case "repeat":
      return builder.seq([withoutEmptyText(rules, expr.of), builder.repeat(expr.of, 0, expr.max - 1)]);
    case "seq": {
      const parts = piecesOf(expr);
      return builder.choice(parts.map((part, i) => {
        return builder.seq([withoutEmptyText(rules, part), ...parts.slice(i + 1)]);
      }));
    }
  }
}
