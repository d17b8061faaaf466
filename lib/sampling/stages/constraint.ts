import type { Fault } from "../../fault.ts";
import { keepOnly } from "../adjust.ts";
import { allows } from "../context.ts";
import type { Dist } from "../dist.ts";

/**
 * constraint: tokens outside the mask are removed (bit `id & 31` of word `id >> 5`; ids beyond it are not
 * allowed). Throws the fault invalid_request where none is left.
 */
export function constraint(dist: Dist, mask: Int32Array): Dist {
  if (!leavesAny(dist, mask)) {
    const cause: Fault = { code: "invalid_request", field: "constraint" };
    throw new Error(
      `The constraint allows none of the ${dist.kept} tokens that are left here. Loosen it, or put it first.`,
      { cause },
    );
  }
  return keepOnly(dist, (id) => allows(mask, id));
}

/** True where the mask allows a token that is left. */
export function leavesAny({ logits }: Dist, mask: Int32Array): boolean {
  for (let id = 0; id < logits.length; id++) if (logits[id]! > -Infinity && allows(mask, id)) return true;
  return false;
}
