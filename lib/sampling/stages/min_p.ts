import { nextDown, settle } from "../adjacent.ts";
import { keepProbable } from "../adjust.ts";
import { type Dist, probOf } from "../dist_forms.ts";

/**
 * min_p: keeps tokens with p >= min_p * largest p. Nguyen et al., "Turning up the heat: min-p sampling", 2024;
 * Transformers' MinPLogitsWarper.
 */
export function minP(dist: Dist, share: number): Dist {
  return keepProbable(dist, Math.min(1, share) * probOf(dist, dist.best[0]!));
}

/** The largest min_p that keeps each of the tokens. */
export function findLargestMinP(dist: Dist, ids: Int32Array): Float64Array {
  const most = probOf(dist, dist.best[0]!);
  return Float64Array.from(ids, (id) => {
    const p = probOf(dist, id);
    return settle(p / most, nextDown, (share) => p >= share * most);
  });
}
