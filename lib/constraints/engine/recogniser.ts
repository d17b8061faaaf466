// The recogniser of a constraint: a pure function from a state and a byte to a state. States are numbers; equal
// possibilities are the same number, so that branches, undo and replays share everything that is known about them.
import type { Budget } from "../ir/limits.ts";
import { closureOf } from "./closure.ts";
import type { Closure, Machine, Thread } from "./closure.ts";
import type { Continuation } from "./continuations.ts";
import { growInts } from "./grow.ts";
import { DEAD, UNKNOWN } from "./terminal_table.ts";

/** A state's number; it means something only to the recogniser that gave it. */
export type State = number;

/** The state of a text that no text of the constraint begins with. */
export const FAILED: State = 0;

export class Recogniser {
  /** The state of the empty text. */
  readonly initial: State;
  readonly machine: Machine;
  readonly #budget: Budget;
  readonly #closures: Closure[] = [];
  readonly #known = new Map<string, State>();
  /** State by state and byte class: the next state, or UNKNOWN. */
  #rows = new Int32Array(0);
  readonly #popped = new Map<Continuation, { readonly closure: Closure; state: State | null }>();

  /** State by state, one number a byte class: the next state or UNKNOWN; see TerminalTable. */
  get rows(): Int32Array {
    return this.#rows;
  }

  /** Throws the budget's refusal. */
  constructor(machine: Machine) {
    this.machine = machine;
    this.#budget = machine.budget;
    this.#intern([], false);
    const { continuations, grammar } = machine;
    this.initial = this.stateBehind(continuations.push(grammar.start, continuations.end));
  }

  /** The state after one more byte. Throws the budget's refusal. */
  advance(state: State, byte: number): State {
    const { table } = this.machine;
    const kind = table.classOf[byte]!;
    const at = state * table.classCount + kind;
    const next = this.#rows[at]!;
    if (next !== UNKNOWN) return next;
    const made = this.#step(state, kind);
    return this.#rows[at] = made;
  }

  /** The text may end here. */
  accepts(state: State): boolean {
    return this.#closures[state]!.accepts;
  }

  /** The alternatives of a state. */
  threads(state: State): readonly Thread[] {
    return this.#closures[state]!.threads;
  }

  /** The state in which exactly these alternatives of another state are left. */
  stateOf(threads: readonly Thread[], accepts: boolean): State {
    return this.#intern(threads, accepts);
  }

  /** The state when a terminal is over and `then` is to come. */
  stateBehind(then: Continuation): State {
    const popped = this.#pop(then);
    return popped.state ??= this.#intern(popped.closure.threads, popped.closure.accepts);
  }

  #pop(then: Continuation) {
    let popped = this.#popped.get(then);
    if (popped === undefined) {
      popped = { closure: closureOf(this.machine, then), state: null };
      this.#budget.spend("tableEntries", popped.closure.threads.length);
      this.#popped.set(then, popped);
    }
    return popped;
  }

  #step(state: State, kind: number): State {
    const { table } = this.machine;
    const threads: Thread[] = [];
    let accepts = false;
    for (const { terminal, at, then } of this.threads(state)) {
      this.#budget.step();
      const next = table.stepClass(at, kind);
      if (next === DEAD) continue;
      if (!table.isFinished(next)) threads.push({ terminal, at: next, then });
      if (!table.isComplete(next)) continue;
      const { closure } = this.#pop(then);
      accepts ||= closure.accepts;
      for (const thread of closure.threads) threads.push(thread);
    }
    return this.#intern(threads, accepts);
  }

  #intern(threads: readonly Thread[], accepts: boolean): State {
    const joined = this.#join(threads);
    const parts = joined.map(({ terminal, at, then }) => `${terminal.id},${at},${then.id}`);
    const key = `${accepts}${parts.join(";")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { classCount } = this.machine.table;
    this.#budget.checkThreads(joined.length);
    this.#budget.spend("states");
    this.#budget.spend("tableEntries", classCount + joined.length);
    const state = this.#closures.length;
    this.#closures.push({ threads: joined, accepts });
    this.#rows = growInts(this.#rows, (state + 1) * classCount, UNKNOWN);
    this.#known.set(key, state);
    return state;
  }

  /** Alternatives in the same place of the same terminal become one; sorted, so that equal sets look alike. */
  #join(threads: readonly Thread[]): Thread[] {
    if (threads.length < 2) return [...threads];
    const byPlace = new Map<number, Thread>();
    for (const thread of threads) {
      const place = thread.terminal.id * 2 ** 26 + thread.at;
      const other = byPlace.get(place);
      const then = other && this.machine.continuations.unite(other.then, thread.then);
      byPlace.set(place, then === undefined ? thread : { ...thread, then });
    }
    return [...byPlace].sort((a, b) => a[0] - b[0]).map(([, thread]) => thread);
  }
}
