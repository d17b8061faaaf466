// How each operator is copied for other rows, where that is more than to copy it as it is.
import type { NodeProto } from "onnx-buf";
import { fault } from "../../fault.ts";
import { dimsOf, valuesOf } from "../../onnx/graph_tensors.ts";
import { copyGemm, copyMatMul, copyMatMulInteger, copyMatMulNBits } from "./copy_products.ts";
import { holdLayerNorm, holdRootMeanSquare } from "./copy_norms.ts";
import type { Copying } from "./copying.ts";

export type CopyRule = (copying: Copying, node: NodeProto) => void;

const again: CopyRule = (copying, node) => copying.again(node);

/** Rows are [batch, rows, width] throughout: what only changes shape, or chooses positions, falls away. */
const pass: CopyRule = (copying, node) => alias(copying, node, copying.input(node.input[0] ?? ""));

export const RULES: Readonly<Record<string, CopyRule>> = {
  Add: copySum,
  Cast: again,
  Div: copyScaled,
  Dropout: pass,
  DynamicQuantizeLinear: copyQuantisation,
  Flatten: pass,
  Gather: pass,
  Gemm: copyGemm,
  Identity: pass,
  LayerNormalization: holdLayerNorm,
  MatMul: copyMatMul,
  MatMulInteger: copyMatMulInteger,
  MatMulNBits: copyMatMulNBits,
  Mul: copyScaled,
  Neg: again,
  RMSNormalization: holdRootMeanSquare,
  ReduceMean: again,
  ReduceSum: again,
  Reshape: copyReshape,
  SimplifiedLayerNormalization: holdRootMeanSquare,
  Slice: copySlice,
  Squeeze: pass,
  Sub: copySum,
  Unsqueeze: pass,
};

function alias(copying: Copying, node: NodeProto, value: string): void {
  const output = node.output[0] ?? "";
  copying.values.set(output, value);
  if (copying.narrow.has(node.input[0] ?? "")) copying.narrow.add(output);
}

/** A reshape that only folds positions falls away; one that folds the width ([0, 0, blocks, size]) is copied. */
function copyReshape(copying: Copying, node: NodeProto): void {
  const shape = copying.draft.constant(node.input[1] ?? "");
  const sizes = shape === undefined ? null : valuesOf(shape);
  if (sizes !== null && sizes.length > 3) copying.again(node);
  else pass(copying, node);
}

function copySlice(copying: Copying, node: NodeProto): void {
  const axes = copying.draft.constant(node.input[3] ?? "");
  const positions = axes !== undefined && valuesOf(axes)?.join() === "1";
  if (positions) pass(copying, node);
  else copying.again(node);
}

/** Add, Sub: what is added from outside the stretch is its constant. */
function copySum(copying: Copying, node: NodeProto): void {
  if (node.input.some((name) => !copying.onPath(name))) copying.constant = true;
  copyNarrow(copying, node);
}

/** Mul, Div: of two values of the stretch one must be what a normalisation measured, and it is held. */
function copyScaled(copying: Copying, node: NodeProto): void {
  const { options: { held }, scales } = copying;
  node.input.forEach((name) => copying.onPath(name) && !copying.measures.has(name) && copying.input(name));
  const own = node.input.filter((name) => copying.onPath(name) && !scales.has(name));
  if (own.length === 0) scales.add(node.output[0] ?? "");
  if (held === undefined || own.length < 2) return copyNarrow(copying, node);
  const measure = own.find((name) => copying.measures.has(name));
  if (measure === undefined) {
    throw fault(
      "unsupported",
      `Attribution cannot split "${node.name}": it multiplies two values that both depend on the parts.`,
    );
  }
  copying.again(node, node.input.map((name) => name === measure ? held(name) : copying.input(name)));
}

/** An elementwise node; vectors over the columns are narrowed to those that are wanted. */
function copyNarrow(copying: Copying, node: NodeProto): void {
  const { draft, flow, options: { columns }, narrow, scales } = copying;
  node.input.forEach(copying.input); // which of them are narrow is known once they are copied
  const narrowed = node.input.some((name) => narrow.has(name) || scales.has(name));
  if (columns === undefined || !narrowed) return copying.again(node);
  const inputs = node.input.map((name) => {
    const constant = flow.isStatic(name) ? draft.constant(name) : undefined;
    const dims = constant === undefined ? [] : dimsOf(constant);
    if ((dims.at(-1) ?? 1) === 1) return copying.input(name);
    return draft.op("Gather", [name, columns], { attributes: { axis: BigInt(dims.length - 1) } });
  });
  copying.again(node, inputs);
  for (const name of node.output) narrow.add(name);
}

/** Quantised activations stand for numbers: the numbers themselves, a scale of 1 and a zero point of 0. */
function copyQuantisation(copying: Copying, node: NodeProto): void {
  if (copying.options.held === undefined) return copying.again(node);
  const [numbers = "", scale = "", zero = ""] = node.output;
  copying.values.set(numbers, copying.input(node.input[0] ?? ""));
  copying.values.set(scale, copying.draft.floats([1]));
  copying.values.set(zero, copying.draft.floats([0]));
  copying.scales.add(scale);
}
