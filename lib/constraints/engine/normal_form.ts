// Makes a grammar fit for the recogniser without changing its language: no part that can produce no text, no repeat of
// something empty, no left recursion.
import { isEmptyLanguage } from "../ir/derive.ts";
import type { Expr, Grammar, GrammarBuilder, Rule } from "../ir/grammar.ts";
import { piecesOf } from "../ir/grammar.ts";
import { mapMembers } from "../ir/members.ts";
import { refusal } from "../ir/refusal.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { isLeftRecursive, withoutLeftRecursion } from "./left_recursion.ts";
import { isNullable, isProductive, solveRules, withoutEmptyText } from "../ir/nullable.ts";
import type { NonEmptyRules } from "../ir/nullable.ts";

/** Throws a refusal where the grammar has no text at all, and the budget's. */
export function toNormalForm(arena: RegexArena, builder: GrammarBuilder, grammar: Grammar): Grammar {
  const productive = findProductiveRules(arena, grammar);
  if (!productive.expr(grammar.start)) throw refusal("The constraint allows no text at all.");
  const nullable = solveRules(grammar, isNullable);
  const form = new Rewriter(arena, builder, grammar, productive.expr, nullable);
  const bodies = grammar.bodies.map((body) => form.rewrite(body));
  const start = form.rewrite(grammar.start);
  const plain = form.finish(start, bodies);
  return isLeftRecursive(plain) ? withoutLeftRecursion(arena, builder, plain) : plain;
}

function findProductiveRules(arena: RegexArena, grammar: Grammar) {
  const terminals = new Map<Regex, boolean>();
  const terminal = (regex: Regex) => {
    let known = terminals.get(regex);
    if (known === undefined) terminals.set(regex, known = !isEmptyLanguage(arena, regex));
    return known;
  };
  const rules = solveRules(grammar, (body, rule) => isProductive(body, rule, terminal));
  return { expr: (expr: Expr) => isProductive(expr, (rule) => rules[rule.id]!, terminal) };
}

class Rewriter implements NonEmptyRules {
  readonly arena: RegexArena;
  readonly builder: GrammarBuilder;
  readonly #grammar: Grammar;
  readonly #isProductive: (expr: Expr) => boolean;
  readonly #nullable: boolean[];
  readonly #rewritten = new Map<Expr, Expr>();
  readonly #nonEmpty = new Map<Rule, Rule>();

  constructor(
    arena: RegexArena,
    builder: GrammarBuilder,
    grammar: Grammar,
    isProductive: (expr: Expr) => boolean,
    nullable: boolean[],
  ) {
    this.arena = arena;
    this.builder = builder;
    this.#grammar = grammar;
    this.#isProductive = isProductive;
    this.#nullable = nullable;
  }

  isNullable(rule: Rule): boolean {
    return this.#nullable[rule.id] ?? false; // rules made here are never empty
  }

  nonEmptyRule(rule: Rule): Rule {
    if (!this.isNullable(rule)) return rule;
    let made = this.#nonEmpty.get(rule);
    if (made === undefined) this.#nonEmpty.set(rule, made = this.builder.rule(rule.origin));
    return made;
  }

  rewrite(expr: Expr): Expr {
    const known = this.#rewritten.get(expr);
    if (known !== undefined) return known;
    const made = this.#isProductive(expr) ? this.#rebuilt(expr) : this.builder.nothing;
    this.#rewritten.set(expr, made);
    return made;
  }

  #rebuilt(expr: Expr): Expr {
    const { builder } = this;
    switch (expr.kind) {
      case "empty":
      case "terminal":
      case "call":
        return expr;
      case "seq":
        return builder.seq(piecesOf(expr).map((part) => this.rewrite(part)));
      case "choice":
        return builder.choice(expr.of.map((part) => this.rewrite(part)));
      case "repeat": {
        const of = this.rewrite(expr.of);
        const empty = isNullable(of, (rule) => this.isNullable(rule));
        return builder.repeat(empty ? withoutEmptyText(this, of) : of, empty ? 0 : expr.min, expr.max);
      }
      case "members":
        return mapMembers(builder, expr, (part) => this.rewrite(part));
    }
  }

  /** The rewritten grammar, with the rules that were made on the way. */
  finish(start: Expr, bodies: readonly Expr[]): Grammar {
    bodies.forEach((body, id) => this.builder.define(this.#grammar.rules[id]!, body));
    for (const [rule, made] of this.#nonEmpty) { // grows while it is walked
      this.builder.define(made, withoutEmptyText(this, bodies[rule.id]!));
    }
    return this.builder.finish(start);
  }
}
