// Random grammars over the letters a and b, each with its language up to a length, found by sets of texts alone.
import fc from "fast-check";
import { Budget, DEFAULT_LIMITS } from "../../lib/constraints/ir/limits.ts";
import { GrammarBuilder } from "../../lib/constraints/ir/grammar.ts";
import type { Expr, Grammar } from "../../lib/constraints/ir/grammar.ts";
import { RegexArena } from "../../lib/constraints/ir/regex.ts";
import { literal } from "../../lib/constraints/ir/utf8.ts";

/** An expression as plain data: terminals are texts, rules are numbers. */
type Plan =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "star" } // the terminal (ab)*
  | { readonly kind: "call"; readonly rule: number }
  | { readonly kind: "seq" | "choice"; readonly of: readonly Plan[] }
  | { readonly kind: "repeat"; readonly of: Plan; readonly min: number; readonly max: number };

const RULES = 3;

export function randomPlan(): fc.Arbitrary<Plan[]> {
  const { plan } = fc.letrec<{ plan: Plan }>((tie) => {
    const many = fc.array(tie("plan"), { minLength: 1, maxLength: 3 });
    return {
      plan: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Plan>(
          { kind: "text", text: "a" },
          { kind: "text", text: "b" },
          { kind: "text", text: "ab" },
          { kind: "text", text: "" },
          { kind: "star" },
        ),
        fc.nat(RULES - 1).map((rule): Plan => ({ kind: "call", rule })),
        many.map((of): Plan => ({ kind: "seq", of })),
        many.map((of): Plan => ({ kind: "choice", of })),
        fc.tuple(tie("plan"), fc.nat(2), fc.constantFrom(0, 1, Infinity)).map(
          ([of, min, more]): Plan => ({ kind: "repeat", of, min, max: min + more }),
        ),
      ),
    };
  });
  return fc.array(plan, { minLength: RULES, maxLength: RULES });
}

/** All texts of up to `longest` letters that each rule produces: the least solution, by growing sets. */
export function languagesOf(plans: readonly Plan[], longest: number): ReadonlySet<string>[] {
  const known = plans.map(() => new Set<string>());
  const joined = (a: ReadonlySet<string>, b: ReadonlySet<string>) => {
    const found = new Set<string>();
    for (const x of a) for (const y of b) if (x.length + y.length <= longest) found.add(x + y);
    return found;
  };
  const textsOf = (plan: Plan): ReadonlySet<string> => {
    switch (plan.kind) {
      case "text":
        return new Set([plan.text]);
      case "star":
        return new Set(Array.from({ length: longest / 2 + 1 }, (_, i) => "ab".repeat(i)));
      case "call":
        return known[plan.rule]!;
      case "seq":
        return plan.of.map(textsOf).reduce(joined);
      case "choice":
        return new Set(plan.of.flatMap((part) => [...textsOf(part)]));
      case "repeat": {
        const of = textsOf(plan.of);
        let power: ReadonlySet<string> = new Set([""]);
        const found = new Set<string>();
        for (let i = 0; i <= Math.min(plan.max, plan.min + longest); i++) {
          if (i >= plan.min) { for (const text of power) found.add(text); }
          power = joined(power, of);
        }
        return found;
      }
    }
  };
  for (let changed = true; changed;) {
    changed = false;
    plans.forEach((plan, rule) => {
      for (const text of textsOf(plan)) {
        if (known[rule]!.has(text)) continue;
        known[rule]!.add(text);
        changed = true;
      }
    });
  }
  return known;
}

export interface Made {
  readonly grammar: Grammar;
  readonly arena: RegexArena;
  readonly builder: GrammarBuilder;
  readonly budget: Budget;
}

/** The same rules in the engine's form; the text begins with rule 0. */
export function makeGrammar(plans: readonly Plan[]): Made {
  const budget = new Budget({ ...DEFAULT_LIMITS, milliseconds: 20_000 });
  const arena = new RegexArena(budget);
  const builder = new GrammarBuilder(budget);
  const rules = plans.map((_, i) => builder.rule({ name: `rule ${i}` }));
  const star = arena.repeat(literal(arena, "ab"), 0, Infinity);
  const made = (plan: Plan): Expr => {
    switch (plan.kind) {
      case "text":
        return builder.terminal(literal(arena, plan.text), { name: plan.text });
      case "star":
        return builder.terminal(star, { name: "star" });
      case "call":
        return builder.call(rules[plan.rule]!);
      case "seq":
        return builder.seq(plan.of.map(made));
      case "choice":
        return builder.choice(plan.of.map(made));
      case "repeat":
        return builder.repeat(made(plan.of), plan.min, plan.max);
    }
  };
  plans.forEach((plan, i) => builder.define(rules[i]!, made(plan)));
  return { grammar: builder.finish(builder.call(rules[0]!)), arena, builder, budget };
}
