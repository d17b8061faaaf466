import { nextUp, settle } from "../adjacent.ts";
import { keepOnly } from "../adjust.ts";
import { type Dist, surprisesOf } from "../dist.ts";
import { topIds } from "../order.ts";

/** Top-H looks at this many tokens. */
const CONSIDERED = 100;

/**
 * top_h: of the 100 best tokens, q = softmax over those, keeps best first while the running sum of -q ln q is at
 * most top_h * H(q), always the first. Potraghloo et al., "Top-H decoding", 2025; Transformers' TopHLogitsWarper
 * (5.0).
 */
export function topH(dist: Dist, share: number): Dist {
  const { ids, running } = sumEntropy(dist);
  const limit = share * running.at(-1)!;
  const kept = new Set(
    ids.filter((id, index) => index === 0 || (running[index]! <= limit && dist.logits[id]! > -Infinity)),
  );
  return keepOnly(dist, (id) => kept.has(id));
}

/** The least top_h that keeps each of the tokens; Infinity (only off does) for those beyond the 100 best. */
export function findLeastTopH(dist: Dist, ids: Int32Array): Float64Array {
  const { ids: best, running } = sumEntropy(dist);
  const total = running.at(-1)!;
  const at = new Map(Array.from(best, (id, index) => [id, index]));
  return Float64Array.from(ids, (id) => {
    const index = at.get(id);
    if (index === undefined || !(total > 0)) return Infinity;
    const own = running[index]!;
    return settle(own / total, nextUp, (share) => own <= share * total);
  });
}

/** The best tokens, falling, and the sum of -q ln q over each and all before it. */
function sumEntropy(dist: Dist): { ids: Int32Array; running: Float64Array } {
  const { logits, probs } = dist;
  const surprise = surprisesOf(dist);
  const ids = topIds(logits, CONSIDERED);
  const mass = ids.reduce((sum, id) => sum + probs[id]!, 0);
  const running = new Float64Array(ids.length);
  let sum = 0;
  ids.forEach((id, index) => {
    const q = probs[id]! / mass;
    if (q > 0) sum += q * (surprise(id) + Math.log(mass));
    running[index] = sum;
  });
  return { ids, running };
}
