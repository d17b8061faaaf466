// From a grammar to its recogniser.
import type { Grammar, GrammarBuilder } from "../ir/grammar.ts";
import { partsOfMembers } from "../ir/members.ts";
import type { Budget } from "../ir/limits.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import type { Expr } from "../ir/grammar.ts";
import { Continuations } from "./continuations.ts";
import { toNormalForm } from "./normal_form.ts";
import { Recogniser } from "./recogniser.ts";
import { TerminalTable } from "./terminal_table.ts";

/** The recogniser of a grammar that was made with this arena, builder and budget. Throws refusals. */
export function createRecogniser(
  grammar: Grammar,
  { arena, builder, budget }: {
    readonly arena: RegexArena;
    readonly builder: GrammarBuilder;
    readonly budget: Budget;
  },
): Recogniser {
  const normal = toNormalForm(arena, builder, grammar);
  const table = new TerminalTable(arena, budget, terminalsOf(normal));
  const continuations = new Continuations(budget);
  return new Recogniser({ grammar: normal, builder, table, continuations, budget });
}

function terminalsOf({ start, bodies }: Grammar): Regex[] {
  const terminals = new Set<Regex>();
  const seen = new Set<Expr>([start, ...bodies]);
  for (const expr of seen) { // grows while it is walked
    switch (expr.kind) {
      case "terminal":
        terminals.add(expr.regex);
        break;
      case "seq":
        seen.add(expr.first).add(expr.rest);
        break;
      case "choice":
        for (const part of expr.of) seen.add(part);
        break;
      case "repeat":
        seen.add(expr.of);
        break;
      case "members":
        for (const part of partsOfMembers(expr.list)) seen.add(part);
    }
  }
  return [...terminals];
}
