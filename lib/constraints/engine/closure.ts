// From a place in the grammar to the terminals that can come next.
import type { Expr, Grammar, GrammarBuilder } from "../ir/grammar.ts";
import type { Budget } from "../ir/limits.ts";
import type { Continuation, Continuations } from "./continuations.ts";
import { DEAD } from "./terminal_table.ts";
import type { TerminalTable } from "./terminal_table.ts";

export type TerminalExpr = Extract<Expr, { readonly kind: "terminal" }>;

/** One alternative of a state: within a terminal, and what comes behind it. */
export interface Thread {
  readonly terminal: TerminalExpr;
  /** State of the terminal table; there are bytes that can follow in it. */
  readonly at: number;
  readonly then: Continuation;
}

/** What is possible at one place of the text. */
export interface Closure {
  readonly threads: readonly Thread[];
  /** The text may end here. */
  readonly accepts: boolean;
}

/** A grammar without left recursion and without parts that can produce no text (normal_form.ts). */
export interface Machine {
  readonly grammar: Grammar;
  readonly builder: GrammarBuilder;
  readonly table: TerminalTable;
  readonly continuations: Continuations;
  readonly budget: Budget;
}

/** Everything that can come when `start` is on top of the stack. Throws the budget's refusal. */
export function closureOf(machine: Machine, start: Continuation): Closure {
  const { table, continuations, builder, grammar, budget } = machine;
  const threads: Thread[] = [];
  const seen = new Set<string>();
  const work: (readonly [Expr, Continuation])[] = [];
  let accepts = false;
  const visit = (expr: Expr, then: Continuation) => {
    const key = `${expr.id},${then.id}`;
    if (seen.has(key)) return;
    seen.add(key);
    budget.step();
    work.push([expr, then]);
  };
  const pop = (then: Continuation) => {
    if (then.end) accepts = true;
    for (const { expr, below } of then.tops) visit(expr, below);
  };
  pop(start);
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const [expr, then] = item;
    switch (expr.kind) {
      case "empty":
        pop(then);
        break;
      case "terminal": {
        const at = table.stateOf(expr.regex);
        if (at !== DEAD && !table.isFinished(at)) threads.push({ terminal: expr, at, then });
        if (table.isComplete(at)) pop(then);
        break;
      }
      case "call":
        visit(grammar.bodies[expr.rule.id]!, then);
        break;
      case "seq":
        visit(expr.first, continuations.push(expr.rest, then));
        break;
      case "choice":
        for (const part of expr.of) visit(part, then);
        break;
      case "repeat": {
        if (expr.min === 0) pop(then);
        const more = builder.repeat(expr.of, Math.max(0, expr.min - 1), expr.max - 1);
        visit(expr.of, more.kind === "empty" ? then : continuations.push(more, then));
      }
    }
    budget.checkThreads(threads.length);
  }
  return { threads, accepts };
}
