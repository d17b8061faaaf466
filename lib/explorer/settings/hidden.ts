// What "More controls" has in force while it is closed: the simple view shows the temperature and nothing else, and
// bars, draws and marks follow all of it.
import { CONSTRAINT_KINDS, type ConstraintInput } from "../../sampling/constraint_kinds.ts";
import { shortNameOf } from "../words/format.ts";
import { asideOf } from "./named_ids.ts";
import { describeStages, FIRST_SAMPLING, type Sampling } from "./sampling.ts";

type Hidden = Sampling & { readonly constraint: ConstraintInput };

/** The settings of "More controls" that are in force, in words, those that matter most first: "top-p 0.75". */
export function listHidden(settings: Hidden): string[] {
  const { params, constraint } = settings;
  const { logit_bias, stop_sequences, seed, stages, greedy } = params;
  const biased = Object.keys(logit_bias).length;
  return [
    ...constraint.enabled ? [`constraint: ${CONSTRAINT_KINDS[constraint.type].label.toLowerCase()}`] : [],
    ...greedy ? ["greedy"] : [],
    ...describeStages(params),
    ...biased > 0 ? [`logit bias on ${biased} token${biased === 1 ? "" : "s"}`] : [],
    ...stages === null ? [] : ["another order of stages"],
    ...stop_sequences.length > 0 ? ["stop sequences"] : [],
    ...seed === null ? [] : [`seed ${seed}`],
    ...asideOf(settings).map(({ modelId }) => `without the tokens set for ${shortNameOf(modelId)}`),
  ];
}

/** The settings without what is hidden: the temperature and the number of bars stay, and what is written as a
 * constraint. */
export function withoutHidden<S extends Hidden>(settings: S): S {
  const { params, constraint } = settings;
  return {
    ...settings,
    params: { ...FIRST_SAMPLING.params, temperature: params.temperature },
    preset: "custom",
    ...settings.aside && { aside: [] },
    constraint: { ...constraint, enabled: false },
  };
}
