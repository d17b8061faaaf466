// What is measured of scores, and as it is answered.
import { fault } from "../../fault.ts";
import type { Faithfulness } from "../../wire/attribution.ts";
import type { Curves } from "../faithfulness/curves.ts";
import type { Faithfulness as Score } from "../faithfulness/score.ts";
import type { AttributionTask } from "./task.ts";

/** The token that faithfulness is measured by, and its rival. Throws where there is none, or nothing to remove. */
export function requireMeasurable(
  { context, target }: AttributionTask,
): { id: number; rival: number | null } {
  const [id] = target.ids;
  if (id === undefined || target.ids.length > 1) {
    throw fault(
      "unsupported",
      "Faithfulness is measured for one token; choose one of the span's.",
      "target_span",
    );
  }
  if (context.length < 2) {
    throw fault("unsupported", "Faithfulness needs a context of 2 tokens or more: it takes tokens away.");
  }
  return { id, rival: target.rival };
}

/** A score and its curves as they are answered. */
export function faithfulnessOf(
  { counts, base, mostFirst, leastFirst, random }: Curves,
  score: Score,
): Faithfulness {
  return {
    ...score,
    curves: { counts, base, most_first: mostFirst, least_first: leastFirst, random },
  };
}
