// An open gradient graph: made when gradients are first asked for, released when they are not needed any more.
import type { Ort } from "../../ort/api.ts";
import { openNativeGraph } from "../../ort/native_graph.ts";
import type { Tensor, TensorInfo } from "../../ort/types.ts";
import { draftModel, feedContext, KEPT_TOKENS } from "../draft_model.ts";
import { addGradient, LINE, OUT } from "../graph/gradient_graph.ts";
import { feedObjective } from "../graph/objective.ts";
import type { LmLayout } from "../../runners/types.ts";
import type { Target } from "../types.ts";
import type { Point } from "./quadrature.ts";

/** The embeddings that stand for "no input": zeros, or those of one token at every place. */
export type Baseline = "zero" | readonly number[];

/** What one run is asked. The scores of `target.ids` follow on the context: the model reads `context` and all of them
 * but the last. */
export interface GradientRun {
  readonly context: readonly number[];
  readonly target: Target;
  readonly baseline: Baseline;
  readonly points: readonly Point[];
}

/** Names of what a run can give, per point and token of what the model reads; see {@link OUT}. */
export type Output = keyof typeof OUT;

export interface GradientSession {
  readonly vocabSize: number;
  /** Runs the graph for all points at once. Rejects with an AbortError within one node of the graph when `signal`
   * aborts. */
  run<Want extends Output>(
    input: GradientRun,
    want: readonly Want[],
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Record<Want, Float32Array>>;
  /** Gives back what runs took; it is kept for the next one otherwise. */
  rest(): Promise<void>;
  dispose(): Promise<void>;
}

/** Constants to be folded from which on ONNX Runtime optimises the graph, so that no run folds them again (the weights
 * of half-precision files). Other graphs are written here as they are best: it would search thousands of nodes for 1.5
 * processor seconds, and runs take as long as without. */
const WORTH_FOLDING_BYTES = 1e6;

/** Opens the gradient graph of the model file at `path`; `config` is the parsed config.json. Rejects with a fault:
 * `unsupported` where the graph cannot be differentiated, `model_failed` where it cannot be opened. */
export async function openGradientSession(
  ort: Ort,
  path: string,
  config: unknown,
  options: { readonly threads?: number } = {},
): Promise<GradientSession> {
  const model = await draftModel(path, config, "attribution");
  addGradient(model);
  const { layout } = model;
  const optimised = model.draft.countFoldedBytes() < WORTH_FOLDING_BYTES;
  const source = await model.draft.source();
  const graph = await openNativeGraph(ort, source, { sparing: true, optimised, ...options });
  let holds = false; // memory of a run
  const run: GradientSession["run"] = async (input, want, { signal } = {}) => {
    holds = true;
    const thenShrink = readIds(input).length * input.points.length > KEPT_TOKENS;
    const outputs = want.map((name) => OUT[name]);
    const results = await graph.run(feedRun(graph.inputs, layout, input), outputs, {
      signal,
      thenShrink,
    });
    return Object.fromEntries(
      want.map((name) => [name, results[OUT[name]]!.data as Float32Array]),
    ) as Record<typeof want[number], Float32Array>;
  };
  return {
    vocabSize: layout.vocabSize,
    run,
    async rest() {
      if (!holds) return;
      await graph.run(feedRun(graph.inputs, layout, SHORTEST), [OUT.value], { thenShrink: true });
      holds = false;
    },
    dispose: () => graph.dispose(),
  };
}

/** What costs least: one token, no gradient. */
const SHORTEST: GradientRun = {
  context: [0],
  target: { quantity: "logit", ids: [0], rival: null },
  baseline: "zero",
  points: [{ alpha: 0, weight: 0 }],
};

/** All inputs of a run of a graph that has these. */
export function feedRun(
  inputs: readonly TensorInfo[],
  layout: LmLayout,
  input: GradientRun,
): Record<string, Tensor> {
  const { target, points } = input;
  const ids = readIds(input);
  const repeated = points.flatMap(() => ids);
  return {
    ...feedContext(inputs, layout, repeated, {
      batch: points.length,
      logitsToKeep: target.ids.length,
    }),
    ...feedLine(inputs, input, ids.length),
    ...feedObjective(target, layout.vocabSize),
  };
}

/** The tokens that the model reads: the context and the span but for its last token. */
export function readIds({ context, target }: Pick<GradientRun, "context" | "target">): number[] {
  return [...context, ...target.ids.slice(0, -1)];
}

function feedLine(
  inputs: readonly TensorInfo[],
  { points, baseline }: GradientRun,
  length: number,
): Record<string, Tensor> {
  const perPoint = (of: (point: Point) => number): Tensor => ({
    type: "float32",
    dims: [points.length, 1, 1],
    data: Float32Array.from(points, of),
  });
  const ids = Array.from({ length }, (_, index) => baseline === "zero" ? 0 : baseline[index] ?? 0);
  const wide = inputs.find((input) => input.name === LINE.baselineIds)?.type === "int64";
  return {
    [LINE.alpha]: perPoint((point) => point.alpha),
    [LINE.weight]: perPoint((point) => point.weight),
    [LINE.baselineIds]: {
      type: wide ? "int64" : "int32",
      dims: [1, length],
      data: wide ? BigInt64Array.from(ids, BigInt) : Int32Array.from(ids),
    },
    [LINE.baselineScale]: {
      type: "float32",
      dims: [],
      data: Float32Array.of(baseline === "zero" ? 0 : 1),
    },
  };
}
