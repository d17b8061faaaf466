// Rules for sums, means and softmax along axes, for norms, and for running sums.
import { floatAttribute, intAttribute, intsAttribute } from "../../../onnx/graph_attributes.ts";
import { readConstantInts, type Rule, type Step, unsupportedError } from "./rule.ts";

/** y = sum of x over axes: G repeated along them. Axes are an input since operator set 13 or 18, before an
 * attribute. */
function repeatOverAxes(step: Step): string {
  const { e, node, g, x } = step;
  const axes = intsAttribute(node, "axes") ?? readConstantInts(step, 1) ?? [];
  if (axes.length === 0 && intAttribute(node, "noop_with_empty_axes", 0) === 1) return g;
  const removed = intAttribute(node, "keepdims", 1) === 0 && axes.length > 0;
  return e.expandLike(removed ? e.unsqueeze(g, ...axes) : g, x[0]!);
}

/** y = mean of x over axes: G / count repeated along them. */
function mean(step: Step): ReturnType<Rule> {
  const { e, x, y } = step;
  const share = () => e.cast(e.div(e.count(x[0]!), e.count(y[0]!)));
  return [() => e.div(repeatOverAxes(step), share())];
}

/** The axis of a softmax; before operator set 13 it meant all axes from there on, which is the same for the last. */
function softmaxAxis({ e, node }: Step): number {
  const axis = intAttribute(node, "axis", e.draft.opset("") < 13 ? 1 : -1);
  if (e.draft.opset("") < 13 && axis !== -1) {
    throw unsupportedError(`${node.opType} of an operator set below 13`);
  }
  return axis;
}

/** RMSNorm: y = x r w with r = 1 / √(mean x² + ε) over the last axis: dx = r (w G - x r² mean(w G x)).
 * Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019), with the derivative of r written out. */
function rmsNorm(step: Step): ReturnType<Rule> {
  const { e, node, g, x: [x, weight] } = step;
  requireLastAxis(step);
  return [() => {
    const epsilon = e.number(floatAttribute(node, "epsilon", 1e-5));
    const root = e.sqrt(e.add(e.meanOfLast(e.mul(x!, x!)), epsilon));
    const unit = e.div(x!, root); // x r
    const scaled = e.mul(g, weight!);
    return e.div(e.sub(scaled, e.mul(unit, e.meanOfLast(e.mul(scaled, unit)))), root);
  }];
}

/** y = h w + b with h = (x - mean x) / √(var x + ε): dx = (w G - mean(w G) - h mean(w G h)) / √(var x + ε).
 * Ba, Kiros and Hinton, "Layer Normalization" (2016). */
function layerNorm(step: Step): ReturnType<Rule> {
  const { e, node, g, x: [x, weight] } = step;
  requireLastAxis(step);
  return [() => {
    const epsilon = e.number(floatAttribute(node, "epsilon", 1e-5));
    const centred = e.sub(x!, e.meanOfLast(x!));
    const root = e.sqrt(e.add(e.meanOfLast(e.mul(centred, centred)), epsilon));
    const unit = e.div(centred, root);
    const scaled = e.mul(g, weight!);
    const inner = e.sub(e.sub(scaled, e.meanOfLast(scaled)), e.mul(unit, e.meanOfLast(e.mul(scaled, unit))));
    return e.div(inner, root);
  }];
}

function requireLastAxis({ node, all }: Step): void {
  if (intAttribute(node, "axis", -1) !== -1) throw unsupportedError(`${node.opType} over several axes`);
  if (all.slice(1).some((gradient) => gradient !== null)) {
    throw unsupportedError(`the further outputs of ${node.opType}`);
  }
}

export const REDUCTIONS: Readonly<Record<string, Rule>> = {
  ReduceSum: (step) => [() => repeatOverAxes(step), null],
  ReduceMean: mean,
  // softmax: y (G - sum(G y))
  Softmax: (step) => {
    const { e, g, y: [y] } = step;
    const axis = softmaxAxis(step);
    return [() => {
      const weighted = e.mul(g, y!);
      return e.sub(weighted, e.mul(y!, e.sum(weighted, [axis])));
    }];
  },
  // log of softmax: G - e^y sum(G)
  LogSoftmax: (step) => {
    const { e, g, y: [y] } = step;
    const axis = softmaxAxis(step);
    return [() => e.sub(g, e.mul(e.exp(y!), e.sum(g, [axis])))];
  },
  // log of the sum of e^x: e^(x - y) G
  ReduceLogSumExp: (step) => {
    const { e, x, y, node } = step;
    if (intAttribute(node, "keepdims", 1) === 0) {
      throw unsupportedError("ReduceLogSumExp without its axes kept");
    }
    return [() => e.mul(repeatOverAxes(step), e.exp(e.sub(x[0]!, y[0]!)))];
  },
  SimplifiedLayerNormalization: rmsNorm,
  RMSNormalization: rmsNorm,
  LayerNormalization: layerNorm,
  // running sum: the running sum of G from the other end
  CumSum: ({ e, node, g, x }) => [
    () =>
      e.op("CumSum", [g, x[1]!], {
        exclusive: BigInt(intAttribute(node, "exclusive", 0)),
        reverse: BigInt(1 - intAttribute(node, "reverse", 0)),
      }),
    null,
  ],
};
