// A next-token distribution, and how it is held: whole arrays, or as little as what is asked of it needs. A run of
// stages made eight arrays over the vocabulary, most of which were read at fifty places.
import {
  type Given,
  givenLogitOf,
  listLargestOfGiven,
  listUpperOfGiven,
  placeOf,
  spreadGiven,
} from "./given.ts";
import { listIdsAtLeast, listRisingIds, topIds } from "./order.ts";

/**
 * The state between two sampling stages, [vocabulary] each. A removed token has logit -Infinity and probability
 * 0. Treat it as immutable: stages return a new one. What takes a pass over the vocabulary may be made by the first who
 * reads it.
 */
export interface Dist {
  readonly size: number; // tokens of the vocabulary, removed ones included
  readonly logits: Float64Array;
  readonly probs: Float64Array; // softmax(logits), sums to 1
  readonly kept: number; // tokens whose logit is above -Infinity
  readonly logZ: number; // ln of the sum of exp(logits): ln p = logit - logZ
  readonly entropyBits: number; // -sum p log2 p; NaN where some of it is not known
  /** Ids of the most probable tokens that are left, RANKED or all of them, falling, ties by rising id. */
  readonly best: Int32Array;
  /** Tokens of which nothing else is known: their logit is -Infinity here, and `probs` sum to 1 - mass. */
  readonly beyond?: Beyond;
  /** All that are left, where a stage removed others. */
  readonly few?: Few;
  /** The most probable ones of many, where `probs` may not be made yet; null where they are not told by a sample. */
  readonly upper?: Upper | null;
  /** What the logits are made of, where none was removed. */
  readonly given?: Given;
  /** The probability of one token, and of some, where `probs` may not be made yet. */
  readonly probOf?: (id: number) => number;
  readonly listProbs?: (ids: Int32Array) => Float64Array;
}

/** Tokens that `Dist.best` names: nearly all cuts and draws fall among them. */
export const RANKED = 128;

/** Tokens that another engine does not list. */
export interface Beyond {
  readonly count: number; // tokens, 1 or more
  readonly mass: number; // their probability together
  readonly most: number; // no single one of them has more
}

/** Some tokens of a vocabulary: rising ids, and what belongs to each. */
interface Few {
  readonly ids: Int32Array;
  readonly logits: Float64Array;
  readonly probs: Float64Array;
  readonly lost?: number; // probability of the others before, where it was summed up
}

/** A few thousand of the most probable tokens: rising ids, and the probability of each. */
export interface Upper {
  readonly ids: Int32Array;
  readonly probs: Float64Array;
  readonly floor: number; // the others have no more, but for rounding
}

type Sums = Pick<Dist, "logZ" | "entropyBits">;

/** A distribution of which both arrays are there. */
export function distOfArrays(
  logits: Float64Array,
  probs: Float64Array,
  { kept, logZ, entropyBits }: Sums & Pick<Dist, "kept">,
): Dist {
  let best: Int32Array | null = null;
  return {
    ...{ size: logits.length, logits, probs, kept, logZ, entropyBits },
    get best() {
      return best ??= topIds(probs, Math.min(RANKED, kept));
    },
  };
}

/** How a distribution is made where it is asked for: its sums, one probability, some, all of them. */
export interface LaterDist {
  readonly kept: number;
  sums(): Sums;
  probOf(id: number): number;
  listProbs(ids: Int32Array): Float64Array;
  probs(): Float64Array;
}

/** A distribution of which everything is made when it is asked for. */
export function deferDist(given: Given, later: LaterDist): Dist {
  const { kept, probOf, listProbs } = later;
  let [sums, logits, probs, best, upper]: [
    Sums | null,
    Float64Array | null,
    Float64Array | null,
    Int32Array | null,
    Upper | null | undefined,
  ] = [null, null, null, null, undefined];
  return {
    ...{ size: given.values.length, given, kept, probOf, listProbs },
    get logits() {
      return logits ??= spreadGiven(given);
    },
    get logZ() {
      return (sums ??= later.sums()).logZ;
    },
    get entropyBits() {
      return (sums ??= later.sums()).entropyBits;
    },
    get probs() {
      return probs ??= later.probs();
    },
    get best() {
      return best ??= rankLater(this, given, Math.min(RANKED, kept));
    },
    get upper() {
      return upper === undefined ? upper = takeUpper(this, given) : upper;
    },
  };
}

/** Rounding moves probabilities by a smaller share. */
const ROUNDING = 1e-12;

/** Whether a probability is above another by more than rounding: then its logit is above that one's too. */
export function isApart(larger: number, smaller: number): boolean {
  return larger > smaller * (1 + ROUNDING);
}

/** Ids of the `k` most probable tokens, falling, ties by rising id, by their logits: the probabilities fall with them.
 * Where only rounding tells the last of those from the next, all are looked at. */
function rankLater(dist: Dist, given: Given, k: number): Int32Array {
  const ids = listLargestOfGiven(given, k + 1);
  const p = listProbs(dist, ids);
  if (ids.length > k && !isApart(p[k - 1]!, p[k]!)) return topIds(dist.probs, k);
  const first = ids.slice(0, k);
  return isFalling(first, p) ? first : first.sort((a, b) => probOf(dist, b) - probOf(dist, a) || a - b);
}

function takeUpper(dist: Dist, given: Given): Upper | null {
  const ids = listUpperOfGiven(given);
  if (ids === null) return null;
  const probs = listProbs(dist, ids);
  return { ids, probs, floor: probs.reduce((least, p) => p < least ? p : least, 1) };
}

/** Whether ids stand by falling value, ties by rising id; `values` as the ids stand. */
function isFalling(ids: Int32Array, values: Float64Array): boolean {
  for (let at = 1; at < ids.length; at++) {
    const gap = values[at - 1]! - values[at]!;
    if (gap < 0 || gap === 0 && ids[at - 1]! > ids[at]!) return false;
  }
  return true;
}

/** A distribution over `size` tokens of which only `few` are left. */
export function distOfFew(size: number, few: Few, { logZ, entropyBits }: Sums): Dist {
  const { ids } = few;
  const spread = (values: Float64Array, others: number) => {
    const all = new Float64Array(size);
    if (others !== 0) all.fill(others);
    for (let at = 0; at < ids.length; at++) all[ids[at]!] = values[at]!;
    return all;
  };
  let [logits, probs, best]: [Float64Array | null, Float64Array | null, Int32Array | null] = [
    null,
    null,
    null,
  ];
  return {
    ...{ size, few, kept: ids.length, logZ, entropyBits },
    get logits() {
      return logits ??= spread(few.logits, -Infinity);
    },
    get probs() {
      return probs ??= spread(few.probs, 0);
    },
    get best() {
      return best ??= topIds(few.probs, RANKED).map((at) => ids[at]!);
    },
  };
}

/** The probability of a token; 0 for ids beyond the vocabulary. */
export function probOf(dist: Dist, id: number): number {
  if (!(id < dist.size)) return 0;
  if (dist.few === undefined) return dist.probOf?.(id) ?? dist.probs[id]!;
  const at = placeOf(dist.few.ids, id);
  return at < 0 ? 0 : dist.few.probs[at]!;
}

/** For more tokens than these, all probabilities are made: to look for each takes longer. */
const MANY = 4096;

/** The probabilities of some tokens. */
export function listProbs(dist: Dist, ids: Int32Array): Float64Array {
  const all = ids.length > MANY ? dist.probs : null;
  if (all === null && dist.listProbs !== undefined) return dist.listProbs(ids);
  const probs = new Float64Array(ids.length);
  for (let at = 0; at < ids.length; at++) probs[at] = all === null ? probOf(dist, ids[at]!) : all[ids[at]!]!;
  return probs;
}

/** The logit of a token; -Infinity where a stage has removed it. */
export function logitOf(dist: Dist, id: number): number {
  const { given, few } = dist;
  if (given !== undefined) return givenLogitOf(given, id);
  if (few === undefined) return dist.logits[id]!;
  const at = placeOf(few.ids, id);
  return at < 0 ? -Infinity : few.logits[at]!;
}

/** Whether no stage has removed the token. */
export function isLeft(dist: Dist, id: number): boolean {
  return logitOf(dist, id) > -Infinity;
}

/** Ids of the `k` most probable tokens, falling, ties by rising id; removed ones last. */
export function bestIds(dist: Dist, k: number): Int32Array {
  return k <= dist.best.length ? dist.best.slice(0, k) : topIds(dist.probs, k);
}

/** Ids of all tokens of at least this probability, falling, ties by rising id. */
export function listIdsDownTo(dist: Dist, floor: number): Int32Array {
  return listBestDownTo(dist, floor) ?? listIdsAtLeast(dist.probs, floor);
}

/** The same by rising id. */
export function listRisingDownTo(dist: Dist, floor: number): Int32Array {
  const upper = dist.upper ?? null;
  if (upper === null || !isApart(floor, upper.floor)) return listRisingIds(dist.probs, floor);
  return listRisingIds(upper.probs, floor).map((at) => upper.ids[at]!);
}

/** Ids of all tokens of at least this probability, falling, where `Dist.best` has all of them; else null. */
export function listBestDownTo(dist: Dist, floor: number): Int32Array | null {
  const { best } = dist;
  const all = best.length === dist.kept ? floor > 0 : probOf(dist, best.at(-1)!) < floor;
  return all ? best.filter((id) => probOf(dist, id) >= floor) : null;
}
