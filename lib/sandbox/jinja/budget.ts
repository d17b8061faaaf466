// What one rendering may cost. A Worker that is ended while it computes goes on computing in Deno 2.9 (terminate() does
// not interrupt a loop): so a template that runs for ever, or fills the memory, is stopped from within.
import { estimateSize } from "./python/collections.ts";
import { Weights } from "./python/weights.ts";
import type { Value } from "./python/values.ts";

/** Characters and items that all steps together may read or make. */
const MOST_WORK = 128 * 1024 * 1024;
/** Steps between two looks at the clock. */
const STEPS = 32;

export class Budget {
  readonly #end: number;
  readonly #weights = new Weights();
  #work = 0;
  #steps = 0;

  /** `milliseconds`: how long it may run from now. */
  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds;
  }

  /** Counts one step that reads or makes `value`, which is given back. Throws where time or work is used up, and where
   * the value is more than one step may walk through. */
  spend<T extends Value>(value: T): T {
    this.#weights.check(value);
    this.#work += estimateSize(value);
    if (this.#work > MOST_WORK) {
      throw new Error(`it works through more than ${MOST_WORK} characters and items`);
    }
    if (++this.#steps % STEPS === 0 && performance.now() > this.#end) throw new Error("it takes too long");
    return value;
  }
}
