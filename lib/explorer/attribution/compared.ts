// A compared method as the page's choice.
import type { ComparedMethod } from "../../wire/attribution.ts";
import { type Choice, STEPS } from "./methods.ts";

/** The choice that gives the scores of a compared method. */
export function choiceOf({ method, options }: ComparedMethod): Partial<Choice> {
  const { occlusion, layer, signed, steps } = options;
  const known = STEPS.find((each) => each === steps);
  return {
    method,
    ...occlusion === undefined ? {} : { occlusion },
    ...method === "attention" ? { layer: layer ?? null, head: null } : {},
    ...signed === undefined ? {} : { signed },
    ...known === undefined ? {} : { steps: known },
  };
}
