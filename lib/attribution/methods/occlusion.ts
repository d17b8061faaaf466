// Occlusion: what the target loses when a token is taken away. Zeiler and Fergus, 2014; Li et al., 2016.
import { fault } from "../../fault.ts";
import type { OcclusionKind } from "../../wire/attribution_methods.ts";
import type { ValueWithout } from "../faithfulness/curves.ts";
import type { TapSession } from "../taps/tap_session.ts";
import type { Target } from "../types.ts";
import { countVariantTokens, measureVariants, type Variant } from "./variants.ts";
import type { Question, Steering } from "./work.ts";

/**
 * The target's value with each token minus its value without it: positive where the token supports the target. For a
 * span the sum over its tokens. Throws an `invalid_request` fault where the only token would be deleted.
 */
export async function occlusion(
  session: TapSession,
  { context, target }: Question,
  how: OcclusionKind,
  { signal, progress }: Steering = {},
): Promise<number[]> {
  if (how === "delete_token" && context.length === 1) {
    throw fault(
      "invalid_request",
      "A context of one token has nothing left when it is deleted; choose another method.",
    );
  }
  const scores = new Array<number>(context.length).fill(0);
  for (const [index, id] of target.ids.entries()) {
    const ids = [...context, ...target.ids.slice(0, index)];
    const variants = context.map((_, position) => without(ids, [position], how));
    const steps = target.ids.length;
    const { base, values } = await measureVariants(session, ids, variants, { id, target }, {
      signal,
      progress: (done, total) => progress?.(index * total + done, steps * total),
    });
    values.forEach((value, position) => scores[position]! += base - value);
  }
  return scores;
}

/** How many tokens the model reads for the occlusion of a context: what it costs. */
export function countOcclusionTokens(length: number, how: OcclusionKind): number {
  const ids = new Array<number>(length).fill(0);
  return countVariantTokens(length, ids.map((_, position) => without(ids, [position], how)));
}

/** What the target token is worth after the context without some of its tokens: its log-probability, or with a rival
 * its logit minus the rival's. It is what faithfulness is measured with. */
export function measureWithout(
  session: TapSession,
  context: readonly number[],
  { id, rival = null }: { readonly id: number; readonly rival?: number | null },
  progress?: Steering["progress"],
): ValueWithout {
  const target: Target = { quantity: rival === null ? "logprob" : "logit", ids: [id], rival };
  return async (removals, signal) => {
    const variants = removals.map((positions) => without(context, positions, "delete_token"));
    return (await measureVariants(session, context, variants, { id, target }, { signal, progress })).values;
  };
}

function without(ids: readonly number[], positions: readonly number[], how: OcclusionKind): Variant {
  const from = positions.length === 0 ? ids.length : Math.min(...positions);
  if (how === "delete_token") return { ids: ids.filter((_, at) => !positions.includes(at)), from };
  return { ids, from, blank: { what: how === "zero_value" ? "value" : "token", positions } };
}
