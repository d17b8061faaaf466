// Where a running sum of probabilities, falling, first passes a limit: what top_p cuts at, what a draw falls on, how
// many tokens hold a share. The first tokens are sorted; where it takes more, only those around the limit are.
import { type Dist, isApart, probOf, RANKED, type Upper } from "./dist_forms.ts";
import { placeOf } from "./given.ts";
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
  if (of instanceof Float64Array) {
    const first = topIds(of, RANKED);
    return findCrossing({
      first,
      size: of.length,
      probOf: (id) => of[id]!,
      upper: () => null,
      probs: () => of,
    }, passes);
  }
  const { few, size } = of;
  if (few !== undefined) return nameInList(few.ids, crossingOf(few.probs, passes));
  const [upper, probs] = [() => of.upper ?? null, () => of.probs];
  return findCrossing({ first: of.best, size, probOf: (id) => probOf(of, id), upper, probs }, passes);
}

/** A crossing among listed tokens, found by their places in the list. */
function nameInList(ids: Int32Array, { id: at, ...crossing }: Crossing): Crossing {
  return { ...crossing, id: at < 0 ? at : ids[at]! };
}

/** What a walk reads. */
interface Walked {
  readonly first: Int32Array; // the most probable tokens, falling: RANKED of them, or all of a probability above 0
  readonly size: number; // tokens of the vocabulary
  probOf(id: number): number;
  upper(): Upper | null; // for a walk that goes on behind the first
  probs(): Float64Array; // of all, where that does not do
}

function findCrossing(
  { first, size, probOf, upper, probs }: Walked,
  passes: (sum: number) => boolean,
): Crossing {
  const begun = { sum: 0, count: 0, id: -1, passed: false, largest: probOf(first[0]!) };
  const at = walk(probOf, first, begun, passes);
  const ended = at.passed || at.count < first.length || first.length < RANKED || at.count === size;
  return ended ? at : walkUpper(upper(), at, passes) ?? walkBuckets(probs(), at, passes);
}

/** Goes on behind the token `begun.id` among the most probable ones; null where the sum may pass elsewhere. */
function walkUpper(upper: Upper | null, begun: Crossing, passes: (sum: number) => boolean): Crossing | null {
  if (upper === null) return null;
  const { ids, probs, floor } = upper;
  const last = placeOf(ids, begun.id);
  if (!(last >= 0 && isApart(probs[last]!, floor))) return null;
  const found = walkBuckets(probs, { ...begun, id: last }, passes, floor);
  return found.passed && isApart(probs[found.id]!, floor) ? nameInList(ids, found) : null;
}

/** Goes on token by token, until the sum passes or a probability is 0. */
function walk(
  probOf: (id: number) => number,
  ids: Int32Array,
  { sum, count, id, largest }: Crossing,
  passes: (sum: number) => boolean,
): Crossing {
  for (const next of ids) {
    const p = probOf(next);
    if (!(p > 0)) break;
    sum += p;
    count++;
    id = next;
    if (passes(sum)) return { sum, count, id, passed: true, largest };
  }
  return { sum, count, id, passed: false, largest };
}

/** Goes on behind the token `begun.id`: bucket by bucket, and token by token in the one where the sum passes. No
 * probability above 0 is below `floor`. */
function walkBuckets(
  probs: Float64Array,
  begun: Crossing,
  passes: (sum: number) => boolean,
  floor = 0,
): Crossing {
  const { sums, counts } = bucketsOf(probs, begun.id, floor);
  let last = counts.length - 1;
  while (last > 0 && counts[last] === 0) last--;
  let at = begun;
  for (let bucket = 0; bucket <= last && !at.passed; bucket++) {
    let { sum, count } = at;
    for (; bucket < last && !passes(sum + sums[bucket]!); bucket++) {
      sum += sums[bucket]!;
      count += counts[bucket]!;
    }
    const ids = listBucket(probs, begun.id, bucket, counts[bucket]!);
    at = walk((id) => probs[id]!, sortDescending(probs, ids), { ...at, sum, count }, passes);
  }
  return at;
}

/** What the tokens that come after the token `last` and have a probability above 0 hold together, bucket by bucket. The
 * smaller the bucket's number, the larger its probabilities. */
interface Buckets {
  readonly last: number;
  readonly sums: Float64Array;
  readonly counts: Int32Array;
}

/** Buckets that were filled: a draw and a share of the mass are looked for in the same ones. */
const known = new WeakMap<Float64Array, Buckets>();

function bucketsOf(probs: Float64Array, last: number, floor: number): Buckets {
  const there = known.get(probs);
  if (there?.last === last) return there;
  const words = wordsOf(probs);
  const [edge, top] = [probs[last]!, words[2 * last + 1]! >>> KEY_SHIFT];
  const needed = Math.min(BUCKETS, 1 + top - (wordsOf(Float64Array.of(floor))[1]! >>> KEY_SHIFT));
  const buckets = { last, sums: new Float64Array(needed), counts: new Int32Array(needed) };
  const { sums, counts } = buckets;
  for (let id = 0; id < probs.length; id++) {
    const p = probs[id]!;
    if (p > edge || p === 0 || (p === edge && id <= last)) continue;
    const bucket = Math.min(BUCKETS - 1, top - (words[2 * id + 1]! >>> KEY_SHIFT));
    sums[bucket]! += p;
    counts[bucket]!++;
  }
  known.set(probs, buckets);
  return buckets;
}

/** The `count` tokens of a bucket, by rising id. What tells the bucket stands in both loops: as a function that both
 * call it took up to a third more of the worker's time where a distribution is flat. */
function listBucket(probs: Float64Array, last: number, bucket: number, count: number): Int32Array {
  const words = wordsOf(probs);
  const [edge, top] = [probs[last]!, words[2 * last + 1]! >>> KEY_SHIFT];
  const ids = new Int32Array(count);
  for (let id = 0, found = 0; found < count; id++) {
    if (Math.min(BUCKETS - 1, top - (words[2 * id + 1]! >>> KEY_SHIFT)) !== bucket) continue;
    const p = probs[id]!;
    if (p > edge || p === 0 || (p === edge && id <= last)) continue;
    ids[found++] = id;
  }
  return ids;
}

/** The bits of doubles: low word, high word. */
function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}
