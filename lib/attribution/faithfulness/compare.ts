// Which method is most faithful on this text: all of them on the same removals.
import { correlateMethods } from "./agreement.ts";
import { type CurveOptions, type Curves, measureCurves, type ValueWithout } from "./curves.ts";
import { type Faithfulness, scoreCurves } from "./score.ts";

/** One method's place in the comparison. */
export interface MethodFaithfulness<Name extends string> extends Faithfulness {
  readonly method: Name;
  readonly curves: Curves;
}

export interface MethodComparison<Name extends string> {
  /** Best first. */
  readonly methods: readonly MethodFaithfulness<Name>[];
  /** Rank correlation between the methods, in the order of `methods`; null where one has no order. */
  readonly agreement: readonly (readonly (number | null)[])[];
}

/** Compares the scores of several methods over one context. `rival`: what is measured is the lead over one; see
 * {@link measureCurves} for what it throws. */
export async function compareMethods<Name extends string>(
  scores: ReadonlyMap<Name, readonly number[]>,
  valueWithout: ValueWithout,
  { rival = false, ...options }: CurveOptions & { readonly rival?: boolean } = {},
): Promise<MethodComparison<Name>> {
  const names = [...scores.keys()];
  const curves = await measureCurves([...scores.values()], valueWithout, options);
  const methods = names
    .map((method, i) => ({ method, curves: curves[i]!, ...scoreCurves(curves[i]!, rival) }))
    .sort((a, b) => b.score - a.score);
  return { methods, agreement: correlateMethods(methods.map(({ method }) => scores.get(method)!)) };
}
