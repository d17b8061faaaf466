// Whether a grammar can produce any text, and the place that is to blame where it cannot.
import type { Expr, Grammar, Rule } from "../ir/grammar.ts";
import { isProductiveMembers, partsOfMembers } from "../ir/members.ts";

/** The rule nearest to the leaves that makes the start impossible, or null where the start produces something. */
export function findImpossible(grammar: Grammar): Rule | "start" | null {
  const order = listPartsFirst([grammar.start, ...grammar.bodies]);
  const possible = new Set<Expr>();
  for (let before = -1; before !== possible.size;) {
    before = possible.size;
    for (const expr of order) {
      if (!possible.has(expr) && produces(grammar, expr, possible)) possible.add(expr);
    }
  }
  if (possible.has(grammar.start)) return null;
  return findCulprit(grammar, possible);
}

function produces(grammar: Grammar, expr: Expr, possible: ReadonlySet<Expr>): boolean {
  switch (expr.kind) {
    case "empty":
    case "terminal": // never of an empty language: those are made `nothing`
      return true;
    case "call":
      return possible.has(grammar.bodies[expr.rule.id]!);
    case "seq":
      return possible.has(expr.first) && possible.has(expr.rest);
    case "choice":
      return expr.of.some((part) => possible.has(part));
    case "repeat":
      return expr.min === 0 || possible.has(expr.of);
    case "members":
      return isProductiveMembers(expr, (part) => possible.has(part));
  }
}

/** Goes down impossible calls, as far as one leads to another that is new. */
function findCulprit(grammar: Grammar, possible: ReadonlySet<Expr>): Rule | "start" {
  let at: Rule | "start" = "start";
  const seen = new Set<Rule>();
  for (;;) {
    const body: Expr = at === "start" ? grammar.start : grammar.bodies[at.id]!;
    const next: Expr | undefined = listPartsFirst([body]).find((expr) => {
      return expr.kind === "call" && !possible.has(expr) && !seen.has(expr.rule);
    });
    if (next?.kind !== "call") return at;
    seen.add(next.rule);
    at = next.rule;
  }
}

/** All expressions below some, parts before wholes. */
function listPartsFirst(roots: readonly Expr[]): readonly Expr[] {
  const all = new Set(roots);
  for (const expr of all) for (const part of partsOf(expr)) all.add(part); // grows while it is walked
  return [...all].sort((a, b) => a.id - b.id);
}

function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "seq":
      return [expr.first, expr.rest];
    case "choice":
      return expr.of;
    case "repeat":
      return [expr.of];
    case "members":
      return partsOfMembers(expr.list);
    default:
      return [];
  }
}
