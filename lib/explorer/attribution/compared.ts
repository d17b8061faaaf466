// A compared method as the page's choice.
import type { ComparedMethod } from "../../wire/attribution.ts";
import { type Choice, type PageMethod, STEPS } from "./methods.ts";

/** The choice that gives the scores of a compared method; null where the page offers it not. */
export function choiceOf({ method, options }: ComparedMethod): Partial<Choice> | null {
  if (method === "comparison" || method === "off") return null;
  const { occlusion, layer, signed, steps, baseline } = options;
  const known = STEPS.find((each) => each === steps);
  return {
    method: method as PageMethod,
    ...occlusion === undefined ? {} : { occlusion },
    ...method === "attention" ? { layer: layer ?? null, head: null } : {},
    ...signed === undefined ? {} : { signed },
    ...known === undefined ? {} : { steps: known },
    ...baseline === "zero" || baseline === "unk" ? { baseline } : {},
  };
}
