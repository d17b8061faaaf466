// Left recursion: rules that call themselves before any byte is read. Among rules that can begin with each other, each
// text of a rule A is a text d of some rule B that begins with none of them, followed by a chain of rests: the left
// corner of A is found by climbing from B. So
//   A → d_B T(B, A)      T(X, A) → γ T(Y, A) for each Y → X γ      T(A, A) → ε
// has the same language without left recursion (the left-corner transform, Rosenkrantz and Lewis 1970, within one
// group of rules). Empty texts are pulled out of the rules first: behind one, recursion can hide.
import type { Expr, Grammar, GrammarBuilder, Rule } from "../ir/grammar.ts";
import { piecesOf } from "../ir/grammar.ts";
import { mapMembers, partsOfMembers, unfoldMembers } from "../ir/members.ts";
import type { RegexArena } from "../ir/regex.ts";
import { groupsOf } from "./groups.ts";
import { isNullable, solveRules, withoutEmptyText } from "../ir/nullable.ts";
import type { NonEmptyRules } from "../ir/nullable.ts";

/** True where a rule can call itself before any byte is read. */
export function isLeftRecursive(grammar: Grammar): boolean {
  return findRecursiveGroups(grammar).length > 0;
}

/** The same language without left recursion. Repeats repeat something that is never empty. */
export function withoutLeftRecursion(arena: RegexArena, builder: GrammarBuilder, grammar: Grammar): Grammar {
  const pulled = pullEmptyTexts(arena, builder, grammar);
  const rules: NonEmptyRules = { arena, builder, isNullable: () => false, nonEmptyRule: (rule) => rule };
  for (const group of findRecursiveGroups(pulled)) climb(rules, pulled, new Set(group));
  return builder.finish(pulled.start);
}

/** Rules that call each other or themselves before any byte is read, group by group. */
function findRecursiveGroups(grammar: Grammar): Rule[][] {
  const nullable = solveRules(grammar, isNullable);
  const calls = grammar.bodies.map((body) => {
    const found = new Set<Rule>();
    findLeftCalls(body, (rule) => nullable[rule.id]!, found);
    return [...found].map((rule) => rule.id);
  });
  return groupsOf(calls)
    .filter((group) => group.length > 1 || calls[group[0]!]!.includes(group[0]!))
    .map((group) => group.map((id) => grammar.rules[id]!));
}

function findLeftCalls(expr: Expr, nullable: (rule: Rule) => boolean, found: Set<Rule>): void {
  if (expr.kind === "call") found.add(expr.rule);
  else if (expr.kind === "repeat") findLeftCalls(expr.of, nullable, found);
  else if (expr.kind === "members") {
    for (const part of partsOfMembers(expr.list)) findLeftCalls(part, nullable, found);
  } else if (expr.kind === "choice") { for (const part of expr.of) findLeftCalls(part, nullable, found); }
  else if (expr.kind === "seq") {
    for (const part of piecesOf(expr)) {
      findLeftCalls(part, nullable, found);
      if (!isNullable(part, nullable)) break;
    }
  }
}

/** Every rule loses its empty text; calls of rules that had one become optional. */
function pullEmptyTexts(arena: RegexArena, builder: GrammarBuilder, grammar: Grammar): Grammar {
  const nullable = solveRules(grammar, isNullable);
  const lean: NonEmptyRules = { arena, builder, isNullable: () => false, nonEmptyRule: (rule) => rule };
  const pulled = (expr: Expr): Expr => {
    switch (expr.kind) {
      case "empty":
      case "terminal":
        return expr;
      case "call":
        return nullable[expr.rule.id] ? builder.optional(expr) : expr;
      case "seq":
        return builder.seq(piecesOf(expr).map(pulled));
      case "choice":
        return builder.choice(expr.of.map(pulled));
      case "repeat":
        return builder.repeat(withoutEmptyText(lean, pulled(expr.of)), expr.min, expr.max);
      case "members":
        return mapMembers(builder, expr, pulled);
    }
  };
  const start = pulled(grammar.start);
  const bodies = grammar.bodies.map((body) => withoutEmptyText(lean, pulled(body)));
  bodies.forEach((body, id) => builder.define(grammar.rules[id]!, body));
  return builder.finish(start);
}

/** What a body begins with: texts that begin with no rule of the group, and calls of such rules with what follows. */
interface Corners {
  readonly direct: Expr;
  readonly recursive: readonly { readonly rule: Rule; readonly rest: Expr }[];
}

function climb(rules: NonEmptyRules, grammar: Grammar, group: ReadonlySet<Rule>): void {
  const { builder } = rules;
  const corners = new Map([...group].map((rule) => {
    return [rule, cornersOf(rules, grammar.bodies[rule.id]!, group)] as const;
  }));
  const made = new Map<string, Rule>();
  const toDefine: (readonly [climbing: Rule, from: Rule, goal: Rule])[] = [];
  const climbing = (from: Rule, goal: Rule): Expr => {
    const key = `${from.id},${goal.id}`;
    let rule = made.get(key);
    if (rule === undefined) {
      made.set(key, rule = builder.rule(goal.origin));
      toDefine.push([rule, from, goal]);
    }
    return builder.call(rule);
  };
  for (const goal of group) {
    const ways = [...corners].map(([from, { direct }]) => builder.seq([direct, climbing(from, goal)]));
    builder.define(goal, builder.choice(ways));
  }
  for (const [rule, from, goal] of toDefine) { // grows while it is walked
    const ways = [...corners].flatMap(([above, { recursive }]) => {
      return recursive.filter((corner) => corner.rule === from)
        .map(({ rest }) => builder.seq([rest, climbing(above, goal)]));
    });
    builder.define(rule, builder.choice(from === goal ? [builder.empty, ...ways] : ways));
  }
}

function cornersOf(rules: NonEmptyRules, expr: Expr, group: ReadonlySet<Rule>): Corners {
  const { builder } = rules;
  switch (expr.kind) {
    case "empty":
    case "terminal":
      return { direct: expr, recursive: [] };
    case "call":
      if (!group.has(expr.rule)) return { direct: expr, recursive: [] };
      return { direct: builder.nothing, recursive: [{ rule: expr.rule, rest: builder.empty }] };
    case "choice":
      return joinCorners(builder, expr.of.map((part) => cornersOf(rules, part, group)));
    case "repeat": {
      const rest = builder.repeat(expr.of, Math.max(0, expr.min - 1), expr.max - 1);
      const once = appendRest(builder, cornersOf(rules, expr.of, group), rest);
      return expr.min > 0 ? once : joinCorners(builder, [once, { direct: builder.empty, recursive: [] }]);
    }
    case "members":
      return cornersOf(rules, unfoldMembers(builder, expr), group);
    case "seq":
      return cornersOfSeq(rules, piecesOf(expr), group);
  }
}

function cornersOfSeq(rules: NonEmptyRules, parts: readonly Expr[], group: ReadonlySet<Rule>): Corners {
  const { builder } = rules;
  const found: Corners[] = [];
  for (let i = 0; i < parts.length; i++) {
    const { direct, recursive } = cornersOf(rules, parts[i]!, group);
    const rest = builder.seq(parts.slice(i + 1));
    found.push(appendRest(builder, { direct: withoutEmptyText(rules, direct), recursive }, rest));
    if (!isNullable(direct, () => false)) return joinCorners(builder, found);
  }
  return joinCorners(builder, [...found, { direct: builder.empty, recursive: [] }]);
}

function appendRest(builder: GrammarBuilder, { direct, recursive }: Corners, rest: Expr): Corners {
  return {
    direct: builder.seq([direct, rest]),
    recursive: recursive.map((corner) => ({ ...corner, rest: builder.seq([corner.rest, rest]) })),
  };
}

function joinCorners(builder: GrammarBuilder, all: readonly Corners[]): Corners {
  return {
    direct: builder.choice(all.map(({ direct }) => direct)),
    recursive: all.flatMap(({ recursive }) => recursive),
  };
}
