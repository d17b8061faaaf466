// Play's next token, drawn and computed while the page shows the last one. Where the request gives no seed the number
// of its draw is chosen here, before it comes, and is the one that it is drawn with: never another draw, only an
// earlier one. A number that is not asked for is dropped with the next.
import { countCommonPrefix } from "../../basics/common_prefix.ts";
import type { DrawAhead } from "../../decode/types.ts";
import { draw } from "../../sampling/dist.ts";
import { drawUnit, uniformAt } from "../../sampling/rng.ts";
import type { LogitsSource } from "./logits_source.ts";

/** Draws ahead over `source`: always where it is announced that the next step follows, and, where it `guesses`, also
 * where that is only likely. `random`: a number in [0, 1). */
export function createDrawAhead(
  source: Pick<LogitsSource, "runAhead">,
  guesses: boolean,
  random: () => number = drawUnit,
): DrawAhead {
  let chosen: { readonly ids: readonly number[]; readonly u: number } | null = null;
  return {
    takeNumber(ids) {
      const same = chosen !== null && chosen.ids.length === ids.length &&
        countCommonPrefix(chosen.ids, ids) === ids.length;
      if (!same) return null;
      const { u } = chosen!;
      chosen = null; // a draw is made once: the next one here has a number of its own
      return u;
    },
    begin(ids, dist, { seed, announced }) {
      if (!announced && !guesses) return;
      const u = seed === null ? random() : uniformAt(seed, ids.length);
      chosen = seed === null ? { ids, u } : null;
      source.runAhead([...ids, draw(dist, u)]);
    },
  };
}
