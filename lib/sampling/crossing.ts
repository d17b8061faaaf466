// Where a running sum of probabilities, falling, first passes a limit: what top_p cuts at, what a draw falls on, how
// many tokens hold a share. The first tokens are sorted; where it takes more, only those around the limit are.
import { type Dist, RANKED } from "./dist_forms.ts";
import { sortDescending, topIds } from "./order.ts";

/** Probabilities fall into buckets by exponent and the first 8 bits behind it: 256 for each factor of 2. */
const KEY_SHIFT = 12;
/** 32 factors of 2; the last bucket holds everything smaller. */
const BUCKETS = 8192;

/** The token at which a walk ended. */
export interface Crossing {
  readonly id: number; // -1: no token has a probability above 0
  readonly count: number; // tokens up to it and with it
  readonly sum: number;
  readonly passed: boolean; // false: the sum of all is below the limit
  readonly largest: number; // probability
}

/**
 * The first token, in falling order of probability (ties by rising id), with which the running sum `passes`; where it
 * never does, the last of a probability above 0. `passes` must hold for every sum above one for which it does. Behind
 * the first tokens whole groups are added at once, which may round the last bits of the sum otherwise.
 */
export function crossingOf(of: Float64Array | Dist, passes: (sum: number) => boolean): Crossing {
  if (of instanceof Float64Array) return findCrossing(of, topIds(of, RANKED), passes);
  const { few } = of;
  if (few === undefined) return findCrossing(of.probs, of.best, passes);
  const { id: at, ...crossing } = crossingOf(few.probs, passes);
  return { ...crossing, id: at < 0 ? at : few.ids[at]! };
}

/** The same; `first`: the most probable tokens, falling: RANKED of them, or all of a probability above 0. */
function findCrossing(
  probs: Float64Array,
  first: Int32Array,
  passes: (sum: number) => boolean,
): Crossing {
  const begun = { sum: 0, count: 0, id: -1, passed: false, largest: probs[first[0]!]! };
  const at = walk(probs, first, begun, passes);
  const ended = at.passed || at.count < first.length || first.length < RANKED || at.count === probs.length;
  return ended ? at : walkBuckets(probs, at, passes);
}

/** Goes on token by token, until the sum passes or a probability is 0. */
function walk(
  probs: Float64Array,
  ids: Int32Array,
  { sum, count, id, largest }: Crossing,
  passes: (sum: number) => boolean,
): Crossing {
  for (const next of ids) {
    const p = probs[next]!;
    if (!(p > 0)) break;
    sum += p;
    count++;
    id = next;
    if (passes(sum)) return { sum, count, id, passed: true, largest };
  }
  return { sum, count, id, passed: false, largest };
}

/** Goes on behind the token `begun.id`: bucket by bucket, and token by token in the one where the sum passes. */
function walkBuckets(probs: Float64Array, begun: Crossing, passes: (sum: number) => boolean): Crossing {
  const { of, sums, counts } = fillBuckets(probs, begun.id);
  const last = counts.findLastIndex((count) => count > 0);
  let at = begun;
  for (let bucket = 0; bucket <= last && !at.passed; bucket++) {
    const [sum, count] = [sums[bucket]!, counts[bucket]!];
    if (count === 0) continue;
    if (bucket < last && !passes(at.sum + sum)) {
      at = { ...at, sum: at.sum + sum, count: at.count + count };
      continue;
    }
    const ids = new Int32Array(count);
    for (let id = 0, filled = 0; filled < count; id++) if (of[id] === bucket) ids[filled++] = id;
    at = walk(probs, sortDescending(probs, ids), at, passes);
  }
  return at;
}

/** The bucket of every token that comes after `last` and has a probability above 0, BUCKETS for all others; what the
 * buckets hold together. The smaller the bucket's number, the larger its probabilities. */
function fillBuckets(probs: Float64Array, last: number) {
  const words = new Uint32Array(probs.buffer, probs.byteOffset, 2 * probs.length); // low word, high word
  const top = words[2 * last + 1]! >>> KEY_SHIFT;
  const edge = probs[last]!;
  const of = new Uint16Array(probs.length).fill(BUCKETS);
  const sums = new Float64Array(BUCKETS);
  const counts = new Int32Array(BUCKETS);
  for (let id = 0; id < probs.length; id++) {
    const p = probs[id]!;
    if (p > edge || p === 0 || (p === edge && id <= last)) continue;
    const bucket = Math.min(BUCKETS - 1, top - (words[2 * id + 1]! >>> KEY_SHIFT));
    of[id] = bucket;
    sums[bucket]! += p;
    counts[bucket]!++;
  }
  return { of, sums, counts };
}
