// From a place in the grammar to the terminals that can come next.
import type { Expr, Grammar, GrammarBuilder } from "../ir/grammar.ts";
import { unfoldMembers } from "../ir/members.ts";
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

/** Everything that can come when `start` is to come. Throws the budget's refusal. */
export function closureOf(machine: Machine, start: Continuation): Closure {
  const search = new ClosureSearch(machine);
  search.pop(start);
  search.run();
  return { threads: search.threads, accepts: search.accepts };
}

class ClosureSearch {
  readonly threads: Thread[] = [];
  accepts = false;
  readonly #machine: Machine;
  readonly #seen = new Set<string>();
  readonly #work: (readonly [Expr, Continuation])[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  pop(then: Continuation): void {
    if (then.end) this.accepts = true;
    for (const { expr, below } of then.tops) this.#visit(expr, below);
  }

  run(): void {
    for (let item = this.#work.pop(); item !== undefined; item = this.#work.pop()) {
      this.#expand(...item);
      this.#machine.budget.checkThreads(this.threads.length);
    }
  }

  #visit(expr: Expr, then: Continuation): void {
    const key = `${expr.id},${then.id}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#machine.budget.step();
    this.#work.push([expr, then]);
  }

  #expand(expr: Expr, then: Continuation): void {
    const { builder, continuations, grammar } = this.#machine;
    switch (expr.kind) {
      case "empty":
        this.pop(then);
        break;
      case "terminal":
        this.#begin(expr, then);
        break;
      case "call":
        this.#visit(grammar.bodies[expr.rule.id]!, then);
        break;
      case "seq":
        this.#visit(expr.first, continuations.push(expr.rest, then));
        break;
      case "choice":
        for (const part of expr.of) this.#visit(part, then);
        break;
      case "repeat": {
        if (expr.min === 0) this.pop(then);
        const more = builder.repeat(expr.of, Math.max(0, expr.min - 1), expr.max - 1);
        this.#visit(expr.of, more.kind === "empty" ? then : continuations.push(more, then));
        break;
      }
      case "members":
        this.#visit(unfoldMembers(builder, expr), then);
    }
  }

  #begin(terminal: TerminalExpr, then: Continuation): void {
    const { table } = this.#machine;
    const at = table.stateOf(terminal.regex);
    if (at !== DEAD && !table.isFinished(at)) this.threads.push({ terminal, at, then });
    if (table.isComplete(at)) this.pop(then);
  }
}
