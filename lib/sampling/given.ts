// Logits as a model gave them, of which a few may be others by now, all over one divisor: what penalties and the
// temperature make of them without an array over the vocabulary for each. What takes a pass over all is made by the
// first who asks.
import { expOfNegative, takeWeights, weighRow, type WeightSums } from "../vector/kernels.ts";
import { listAllAtLeast, listIdsAtLeast, listLikelyLargest, topIds, type Values } from "./order.ts";

/** The logit of a token is (its own of `logits`, else `values[id]`) / divisor. */
export interface Given {
  readonly values: Values; // [vocabulary]: numbers, finite or -Infinity; never changed
  readonly ids: Int32Array; // rising: tokens whose logits are others, none of them -Infinity
  readonly logits: Float64Array; // of `ids`
  readonly largest: number; // of all logits before they are divided; finite
  readonly divisor: number;
}

const NO_IDS = new Int32Array(0);
const NO_LOGITS = new Float64Array(0);

/** Logits as they are; `largest`: the largest of them. */
export function givenOf(values: Values, largest: number): Given {
  return { values, ids: NO_IDS, logits: NO_LOGITS, largest, divisor: 1 };
}

/** The logit of one token. */
export function givenLogitOf(given: Given, id: number): number {
  return undividedOf(given, id) / given.divisor;
}

function undividedOf({ values, ids, logits }: Given, id: number): number {
  const at = ids.length === 0 ? -1 : placeOf(ids, id);
  return at < 0 ? values[id]! : logits[at]!;
}

/** All logits, as a new array. */
export function spreadGiven({ values, ids, logits, divisor }: Given): Float64Array {
  const all = new Float64Array(values.length);
  for (let id = 0; id < all.length; id++) all[id] = values[id]! / divisor;
  for (let at = 0; at < ids.length; at++) all[ids[at]!] = logits[at]! / divisor;
  return all;
}

/** With other logits for the tokens `changed` (rising ids). They must not be divided yet. */
export function changeGiven(given: Given, changed: Int32Array, logits: Float64Array): Given {
  const earlier = given.ids;
  if (earlier.length === 0) {
    return { ...given, ids: changed, logits, largest: findLargest(given, changed, logits) };
  }
  const ids = Int32Array.from(new Set([...earlier, ...changed])).sort();
  const all = new Float64Array(ids.length);
  for (const id of earlier) all[placeOf(ids, id)] = undividedOf(given, id);
  for (let at = 0; at < changed.length; at++) all[placeOf(ids, changed[at]!)] = logits[at]!;
  return { ...given, ids, logits: all, largest: findLargest(given, ids, all) };
}

/** The largest of the logits, of which `ids` have others than in `before`. */
function findLargest(before: Given, ids: Int32Array, logits: Float64Array): number {
  const { values, largest } = before;
  let most = -Infinity;
  let isLowered = false;
  for (let at = 0; at < ids.length; at++) {
    if (logits[at]! > most) most = logits[at]!;
    if (logits[at]! < largest && undividedOf(before, ids[at]!) === largest) isLowered = true;
  }
  if (most >= largest) return most;
  if (!isLowered) return largest;
  let start = 0;
  for (let at = 0; at <= ids.length; at++) {
    const end = at < ids.length ? ids[at]! : values.length;
    for (let id = start; id < end; id++) if (values[id]! > most) most = values[id]!;
    start = end + 1;
  }
  return most;
}

/** What all tokens weigh. */
export interface Weighed extends WeightSums {
  /** w of each token, where that is still known. */
  takeWeights(): Float64Array | null;
}

/** The sums over all tokens, with w = exp(logit - largest) and what each lacks of the largest logit as it is divided.
 * `leaves`: each token's w may well be asked for. */
export function weighAll({ values, ids, logits, largest, divisor }: Given, leaves: boolean): Weighed {
  const factor = 1 / divisor;
  const weighChanged = () => weighRow(logits, { largest, factor, without: [] }, { leaves });
  const changed = weighChanged();
  const others = weighRow(values, { largest, factor, without: ids }, { leaves });
  return {
    sum: others.sum + changed.sum,
    weighted: others.weighted + changed.weighted,
    takeWeights() {
      const weights = takeWeights(values, others);
      if (weights === null) return null;
      takeWeights(logits, weighChanged())!.forEach((weight, at) => weights[ids[at]!] = weight);
      return weights;
    },
  };
}

/** w of one token. */
export function weightOf(given: Given, id: number): number {
  return expOfNegative((undividedOf(given, id) - given.largest) * (1 / given.divisor));
}

/** w of some. */
export function listWeights(given: Given, ids: Int32Array): Float64Array {
  const { largest, divisor } = given;
  const logits = listUndivided(given, ids);
  const sums = weighRow(logits, { largest, factor: 1 / divisor, without: [] }, { leaves: true });
  return takeWeights(logits, sums)!;
}

function listUndivided({ values, ids: changed, logits }: Given, ids: Int32Array): Float64Array {
  const listed = new Float64Array(ids.length);
  for (let at = 0, next = 0; at < ids.length; at++) {
    const id = ids[at]!;
    if (at > 0 && id < ids[at - 1]!) next = findPlace(changed, id); // they do not rise
    while (next < changed.length && changed[next]! < id) next++;
    listed[at] = changed[next] === id ? logits[next]! : values[id]!;
  }
  return listed;
}

/** Of the tokens whose logits are others, so many are expected among the largest. */
const CHANGED_AHEAD = 32;

/** Ids of the `k` largest logits, falling, ties by rising id. */
export function listLargestOfGiven(given: Given, k: number): Int32Array {
  const { values, ids, logits } = given;
  if (ids.length === 0) return topIds(values, k);
  const isUnchanged = (id: number) => placeOf(ids, id) < 0;
  let others = topIds(values, k + Math.min(CHANGED_AHEAD, ids.length)).filter(isUnchanged);
  if (others.length < k) others = topIds(values, k + ids.length).filter(isUnchanged);
  const edge = others.length < k ? -Infinity : values[others[k - 1]!]!; // what is below comes behind k others
  const changed = listIdsAtLeast(logits, edge).subarray(0, k).map((at) => ids[at]!);
  return mergeFalling(given, changed, others).subarray(0, k);
}

/** The list of the most probable tokens has so many at least. */
const UPPER = 2048;

/** Rising ids of a few thousand tokens: all whose logit is at least the least of theirs; null where those cannot be
 * told by a sample. */
export function listUpperOfGiven(given: Given): Int32Array | null {
  const { values, ids, logits } = given;
  const listed = listLikelyLargest(values, UPPER);
  if (listed === null || ids.length === 0) return listed;
  let edge = Infinity;
  for (const id of listed) if (values[id]! < edge) edge = values[id]!;
  const upper = new Int32Array(listed.length + ids.length);
  let [count, at] = [0, 0];
  const addChanged = (end: number) => { // those before the token `end`
    for (; at < ids.length && ids[at]! < end; at++) if (logits[at]! >= edge) upper[count++] = ids[at]!;
  };
  for (const id of listed) {
    addChanged(id);
    if (ids[at] !== id) upper[count++] = id;
  }
  addChanged(Infinity);
  return upper.subarray(0, count);
}

/** Ids of both lists, each by falling logit, ties by rising id. */
function mergeFalling(given: Given, changed: Int32Array, others: Int32Array): Int32Array {
  const own = Array.from(changed, (id) => undividedOf(given, id));
  const merged = new Int32Array(changed.length + others.length);
  for (let at = 0, one = 0, other = 0; at < merged.length; at++) {
    const [id, logit] = [others[other]!, given.values[others[other]!]!];
    const isFirst = other === others.length || own[one]! > logit ||
      (own[one] === logit && changed[one]! < id);
    merged[at] = one < changed.length && isFirst ? changed[one++]! : others[other++]!;
  }
  return merged;
}

/** 0-based place of a token in the order by falling logit, ties by rising id. What all are divided by changes no
 * order. */
export function rankInGiven(given: Given, id: number): number {
  const { values, ids, logits } = given;
  const own = undividedOf(given, id);
  const isBefore = (logit: number, other: number) => logit > own || (logit === own && other < id);
  let rank = 0;
  for (const other of listAllAtLeast(values, own)) if (isBefore(values[other]!, other)) rank++;
  if (isBefore(values[id]!, id)) rank--;
  for (let at = 0; at < ids.length; at++) {
    const other = ids[at]!;
    if (other === id) continue;
    rank += Number(isBefore(logits[at]!, other)) - Number(isBefore(values[other]!, other));
  }
  return rank;
}

/** Place of `id` in rising ids, or -1. */
export function placeOf(ids: Int32Array, id: number): number {
  const low = findPlace(ids, id);
  return ids[low] === id ? low : -1;
}

/** Place of the first of rising ids that is not below `id`; their number where none is. */
function findPlace(ids: Int32Array, id: number): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
