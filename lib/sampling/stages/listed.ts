import { type Dist, distOfOwned } from "../dist.ts";

/**
 * listed: of a distribution that an engine lists in part only the listed tokens stay, scaled to 1. Nothing is done
 * where every token is known.
 */
export function keepListed(dist: Dist): Dist {
  return dist.beyond === undefined ? dist : distOfOwned(dist.logits);
}
