// Products with weights, for other rows and, at the end of a model, for some of their columns alone.
import { type NodeProto, NodeProtoSchema, TensorProto_DataType as DataType } from "onnx-buf";
import { fault } from "../../fault.ts";
import { copyWith } from "../../onnx/copy_with.ts";
import { createAttributes, intAttribute } from "../../onnx/graph_attributes.ts";
import { concat, reshape, sizeOf } from "../forms/emit.ts";
import type { Copying } from "./copying.ts";

/** MatMul: x [batch, rows, K], W [K, N]. */
export function copyMatMul(copying: Copying, node: NodeProto): void {
  const [x = "", weight = ""] = node.input;
  requireWeight(copying, node, x, weight);
  copying.again(node, [copying.input(x), takeColumns(copying, weight, 1)]);
  markNarrow(copying, node);
}

/** Gemm works on matrices only: rows are folded before it and unfolded behind it. */
export function copyGemm(copying: Copying, node: NodeProto): void {
  const { draft } = copying;
  const [x = "", weight = "", bias = ""] = node.input;
  requireWeight(copying, node, x, weight);
  const rows = copying.input(x);
  const folded = reshape(draft, rows, [-1, sizeOf(draft, rows, 2)]);
  const transposed = intAttribute(node, "transB", 0) === 1;
  const inputs = [folded, takeColumns(copying, weight, transposed ? 0 : 1)];
  if (bias !== "") {
    copying.constant = true;
    inputs.push(takeColumns(copying, bias, 0));
  }
  copying.again(node, inputs);
  const output = node.output[0] ?? "";
  const shape = concat(draft, [sizeOf(draft, rows, 0), sizeOf(draft, rows, 1), draft.ints([-1])], 0);
  copying.values.set(output, draft.op("Reshape", [copying.input(output), shape]));
  markNarrow(copying, node);
}

/**
 * com.microsoft.MatMulNBits: x, codes [N, blocks, bytes], scales [N · blocks] or [N, blocks], zero points in rows of
 * ceil(blocks · bits / 8) bytes (or of blocks numbers), group indices, bias [N]. Its columns are the rows of these.
 */
export function copyMatMulNBits(copying: Copying, node: NodeProto): void {
  const { draft, options: { columns } } = copying;
  const [x = "", codes = "", scales = "", zeros = "", groups = "", bias = ""] = node.input;
  if (bias !== "") copying.constant = true;
  if (columns === undefined) return copying.again(node);
  const count = intAttribute(node, "N", 0);
  const pick = (name: string) => {
    if (name === "") return "";
    const table = reshape(draft, name, [count, -1]);
    return reshape(draft, draft.op("Gather", [table, columns], { attributes: { axis: 0n } }), [-1]);
  };
  const rows = draft.op("Gather", [codes, columns], { attributes: { axis: 0n } });
  const input = [copying.input(x), rows, pick(scales), pick(zeros), groups, pick(bias)];
  while (input.at(-1) === "") input.pop();
  const output = `${copying.options.tag}/${node.output[0]}`;
  // Activations stay numbers of full precision: parts are small beside their sum.
  const changed = createAttributes({ N: BigInt(COLUMNS), accuracy_level: 0n });
  const kept = node.attribute.filter(({ name }) => name !== "N" && name !== "accuracy_level");
  draft.add(
    copyWith(NodeProtoSchema, node, {
      name: output,
      input,
      output: [output],
      attribute: [...kept, ...changed],
    }),
  );
  copying.values.set(node.output[0] ?? "", output);
  markNarrow(copying, node);
}

/** How many columns `CopyOptions.columns` names: a quantised product has its width as an attribute. */
export const COLUMNS = 2;

/** MatMulInteger: x and W as 8-bit codes with zero points; linear copies take the numbers that they stand for. */
export function copyMatMulInteger(copying: Copying, node: NodeProto): void {
  const { draft, options: { held } } = copying;
  if (held === undefined) return copying.again(node);
  const [x = "", weight = "", , zero = ""] = node.input;
  const float = (name: string) => draft.op("Cast", [name], { attributes: { to: BigInt(DataType.FLOAT) } });
  const codes = float(takeColumns(copying, weight, 1));
  const perColumn = (draft.constant(zero)?.dims.at(-1) ?? 1n) > 1n;
  const matrix = zero === ""
    ? codes
    : draft.op("Sub", [codes, float(perColumn ? takeColumns(copying, zero, 0) : zero)]);
  copying.values.set(node.output[0] ?? "", draft.op("MatMul", [copying.input(x), matrix]));
  markNarrow(copying, node);
}

/** The wanted columns of a weight. */
function takeColumns({ draft, options: { columns } }: Copying, weight: string, axis: number): string {
  if (columns === undefined) return weight;
  return draft.op("Gather", [weight, columns], { attributes: { axis: BigInt(axis) } });
}

function markNarrow({ options, narrow }: Copying, node: NodeProto): void {
  if (options.columns !== undefined) narrow.add(node.output[0] ?? "");
}

function requireWeight({ flow, onPath }: Copying, node: NodeProto, x: string, weight: string): void {
  if (onPath(x) && flow.isStatic(weight)) return;
  throw fault(
    "unsupported",
    `Attribution expects ${node.opType} "${node.name}" to multiply its first input by a weight.`,
  );
}
