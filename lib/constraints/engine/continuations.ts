// What is still to come behind a terminal: the parser's stacks. One continuation stands for a set of stacks, as a
// tree from the top of the stack down in which equal subtrees are one object. Two alternatives that wait in the same
// place of a terminal are joined by uniting their continuations, which is exact: (x·S) | (x·T) = x·(S | T). So an
// ambiguous grammar has no more alternatives than an unambiguous one, only wider continuations.
import type { Expr } from "../ir/grammar.ts";
import type { Budget } from "../ir/limits.ts";
import { refusal } from "../ir/refusal.ts";

export interface Continuation {
  readonly id: number;
  /** One of the stacks is empty: the text may end. */
  readonly end: boolean;
  /** What can be on top of the stack, by rising id of the expression, and what is below it. */
  readonly tops: readonly { readonly expr: Expr; readonly below: Continuation }[];
  /** Elements of the longest stack. */
  readonly depth: number;
}

/** Deeper stacks are refused: functions here call themselves once an element. */
const MOST_DEPTH = 3000;

export class Continuations {
  /** The empty stack. */
  readonly end: Continuation;
  readonly #budget: Budget;
  readonly #known = new Map<string, Continuation>();
  readonly #united = new Map<string, Continuation>();

  constructor(budget: Budget) {
    this.#budget = budget;
    this.end = this.#intern(true, []);
  }

  /** First `expr`, then what was to come. Throws refusals: nested too deeply, or the budget's. */
  push(expr: Expr, below: Continuation): Continuation {
    return this.#intern(false, [{ expr, below }]);
  }

  /** Either of them. Throws the budget's refusal. */
  unite(a: Continuation, b: Continuation): Continuation {
    if (a === b) return a;
    const key = a.id < b.id ? `${a.id},${b.id}` : `${b.id},${a.id}`;
    const known = this.#united.get(key);
    if (known !== undefined) return known;
    this.#budget.spend("tableEntries");
    const made = this.#intern(a.end || b.end, this.#mergeTops(a, b));
    this.#united.set(key, made);
    return made;
  }

  #mergeTops(a: Continuation, b: Continuation): Continuation["tops"] {
    const tops: Continuation["tops"][number][] = [];
    for (let i = 0, j = 0; i < a.tops.length || j < b.tops.length;) {
      const [left, right] = [a.tops[i], b.tops[j]];
      const order = (left?.expr.id ?? Infinity) - (right?.expr.id ?? Infinity);
      if (order === 0) tops.push({ expr: left!.expr, below: this.unite(left!.below, right!.below) });
      else tops.push(order < 0 ? left! : right!);
      if (order <= 0) i++;
      if (order >= 0) j++;
    }
    return tops;
  }

  #intern(end: boolean, tops: Continuation["tops"]): Continuation {
    const key = `${end}${tops.map(({ expr, below }) => `,${expr.id}:${below.id}`).join("")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#budget.spend("tableEntries", 1 + tops.length);
    const depth = tops.reduce((most, { below }) => Math.max(most, below.depth + 1), 0);
    if (depth > MOST_DEPTH) {
      throw refusal(`The text nests deeper than ${MOST_DEPTH} levels of the constraint.`);
    }
    const made = { id: this.#known.size, end, tops, depth };
    this.#known.set(key, made);
    return made;
  }
}
