// What a constraint may use up before it is refused. Counts hold for a constraint's whole life, time for one call.
import { refusal } from "./refusal.ts";

export interface Limits {
  /** Regular expressions made, derivatives included. */
  readonly expressions: number;
  /** Entries of all automaton tables (states × byte classes), and links of the states kept beside them. */
  readonly tableEntries: number;
  /** States of the recogniser. */
  readonly states: number;
  /** Alternatives that one state follows at once. */
  readonly threads: number;
  /** Milliseconds that one call (compile, advance, mask) may take. */
  readonly milliseconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  expressions: 400_000,
  tableEntries: 16_000_000,
  states: 100_000,
  threads: 4_000,
  milliseconds: 1_500,
};

const IN_WORDS: Record<Exclude<keyof Limits, "milliseconds">, string> = {
  expressions: "partial expressions",
  tableEntries: "table entries",
  states: "states",
  threads: "alternatives at one place",
};

/** Memory of one, roughly: objects of a few fields in maps, and entries of arrays that grow by doubling. */
const BYTES_EACH = { expressions: 250, tableEntries: 8, states: 400 };

/** Steps between two looks at the clock. */
const STEPS_PER_LOOK = 512;

/** Counts what one constraint uses. Not shared between constraints. */
export class Budget {
  readonly limits: Limits;
  readonly #now: () => number;
  readonly #used = { expressions: 0, tableEntries: 0, states: 0 };
  #deadline: number;
  #steps = 0;
  #exceeds = false;

  constructor(limits: Limits = DEFAULT_LIMITS, now: () => number = () => performance.now()) {
    this.limits = limits;
    this.#now = now;
    this.#deadline = now() + limits.milliseconds;
  }

  /** About how much memory was used so far, in bytes. */
  get bytes(): number {
    const { expressions, tableEntries, states } = this.#used;
    return expressions * BYTES_EACH.expressions + tableEntries * BYTES_EACH.tableEntries +
      states * BYTES_EACH.states;
  }

  /** Whether this call was refused for what it uses: the refusal says nothing of what was being looked at. */
  get exceeds(): boolean {
    return this.#exceeds;
  }

  /** Begins a call: its time counts from here. */
  begin(): void {
    this.#exceeds = false;
    this.#deadline = this.#now() + this.limits.milliseconds;
  }

  /** Counts `amount` more of something. Throws a refusal beyond the limit. */
  spend(what: "expressions" | "tableEntries" | "states", amount = 1): void {
    this.#used[what] += amount;
    if (this.#used[what] > this.limits[what]) throw this.#exceeded(what);
    this.step();
  }

  /** Checks how many alternatives a state has. Throws a refusal beyond the limit. */
  checkThreads(count: number): void {
    if (count > this.limits.threads) throw this.#exceeded("threads");
  }

  /** Counts a step of work; looks at the clock now and then. Throws a refusal when the call takes too long. */
  step(): void {
    if (++this.#steps % STEPS_PER_LOOK === 0 && this.#now() > this.#deadline) {
      this.#exceeds = true;
      throw refusal(
        `The constraint took longer than ${
          this.limits.milliseconds / 1000
        } s. Make it smaller or less ambiguous.`,
      );
    }
  }

  #exceeded(what: keyof typeof IN_WORDS): Error {
    this.#exceeds = true;
    const most = this.limits[what].toLocaleString("en");
    return refusal(
      `The constraint needs more than ${most} ${IN_WORDS[what]}. Make it smaller or less ambiguous.`,
    );
  }
}
