// Deletion and insertion curves: what becomes of the target when tokens are taken out of the context in the order of
// their scores. Petsiuk et al., "RISE", BMVC 2018 (deletion, insertion); fixed fractions instead of whole curves, since
// what is left must stay a text that a model can read.
import { countRemovals, drawRandomOrder, FRACTIONS, orderByScore } from "./orders.ts";

/** What the target is worth (in nats: its log-probability, or how far its logit is above a rival's) after the context
 * without the positions of each removal. */
export type ValueWithout = (
  removals: readonly (readonly number[])[],
  signal?: AbortSignal,
) => Promise<readonly number[]>;

export interface CurveOptions {
  readonly fractions?: readonly number[];
  /** How many random orders to compare with. */
  readonly orders?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** Values of the target at each count of removed tokens. */
export interface Curves {
  readonly length: number; // tokens of the context
  readonly counts: readonly number[]; // removed tokens, ascending
  readonly base: number; // nothing removed
  /** The highest scores removed first: the deletion curve. */
  readonly mostFirst: readonly number[];
  /** The lowest scores removed first; read from the other end it is the insertion curve: what is left are the top
   * tokens. */
  readonly leastFirst: readonly number[];
  readonly random: readonly (readonly number[])[]; // one row an order
}

const ORDERS = 8;
const SEED = 1;

/**
 * The curves of several methods' scores over one context, in the methods' order; the runs that they share (random
 * orders, equal sets) are made once. Throws a RangeError for scores of another length, or a context of one token: it
 * has nothing to remove.
 */
export async function measureCurves(
  scores: readonly (readonly number[])[],
  valueWithout: ValueWithout,
  options: CurveOptions = {},
): Promise<Curves[]> {
  const length = scores[0]?.length ?? 0;
  if (scores.some((row) => row.length !== length)) {
    throw new RangeError("Expected every method to score the same tokens");
  }
  if (length < 2) throw new RangeError(`Expected a context of 2 tokens or more but found ${length}`);
  const { fractions = FRACTIONS, orders = ORDERS, seed = SEED, signal } = options;
  const counts = countRemovals(length, fractions);
  const table = new RemovalTable();
  const steps = (order: readonly number[]) => counts.map((count) => table.add(order.slice(0, count)));
  const base = table.add([]);
  const random = Array.from({ length: orders }, (_, index) => steps(drawRandomOrder(length, seed, index)));
  const methods = scores.map(orderByScore).map((order) => ({
    mostFirst: steps(order),
    leastFirst: steps(order.toReversed()),
  }));
  const values = await table.evaluate(valueWithout, signal);
  const read = (indices: readonly number[]) => indices.map((index) => values[index]!);
  const shared = { length, counts, base: values[base]!, random: random.map(read) };
  return methods.map(({ mostFirst, leastFirst }) => ({
    ...shared,
    mostFirst: read(mostFirst),
    leastFirst: read(leastFirst),
  }));
}

/** Sets of positions, each once whatever the order in which it was put together. */
class RemovalTable {
  readonly #index = new Map<string, number>();
  readonly #removals: number[][] = [];

  /** The index of this set. */
  add(positions: readonly number[]): number {
    const sorted = positions.toSorted((a, b) => a - b);
    const key = sorted.join();
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.#index.set(key, this.#removals.length);
    return this.#removals.push(sorted) - 1;
  }

  async evaluate(valueWithout: ValueWithout, signal?: AbortSignal): Promise<readonly number[]> {
    const values = await valueWithout(this.#removals, signal);
    if (values.length !== this.#removals.length || values.some(Number.isNaN)) {
      throw new RangeError("Expected a log-probability for every removal");
    }
    return values;
  }
}
