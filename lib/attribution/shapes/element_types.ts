// What type the elements of a graph's values have, as far as their operators say it in a line. An operator that is not
// here leaves its values without one.
import { type NodeProto, TensorProto_DataType as DataType } from "onnx-buf";
import { intAttribute, tensorAttribute } from "../../onnx/graph_attributes.ts";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { elementTypeOf } from "../../onnx/graph_values.ts";
import { ARITHMETIC, COMPARING, LIKE_FIRST } from "./operators.ts";

/** The type of each output of operators whose types are always the same. */
const FIXED: ReadonlyMap<string, readonly DataType[]> = new Map<string, readonly DataType[]>([
  ...["Shape", "Size", "NonZero"].map((opType) => [opType, [DataType.INT64]] as const),
  ...[...COMPARING, "Not", "IsNaN"].map((opType) => [opType, [DataType.BOOL]] as const),
  ["DynamicQuantizeLinear", [DataType.UINT8, DataType.FLOAT, DataType.UINT8]],
  ["MatMulInteger", [DataType.INT32]],
  ["MatMulIntegerToFloat", [DataType.FLOAT]],
  ["DynamicQuantizeMatMul", [DataType.FLOAT]],
]);
/** Operators whose first output is of the type of one input, and that input's place; of Split all outputs are. */
const OF_INPUT: ReadonlyMap<string, number> = new Map<string, number>([
  ...[
    ...[...LIKE_FIRST, ...ARITHMETIC, "MatMul", "FusedMatMul", "MatMulNBits", "Gemm", "Range"],
    ..."Transpose Reshape Flatten Expand Unsqueeze Squeeze Concat Split Slice Gather Tile".split(" "),
    ...["ReduceSum", "ReduceMean", "ReduceMax", "ReduceProd"],
  ].map((opType) => [opType, 0] as const),
  ...["Where", "SimplifiedLayerNormalization", "RMSNormalization", "DequantizeLinear"]
    .map((opType) => [opType, 1] as const),
  ["GatherBlockQuantized", 2],
]);

type TypeOf = (name: string | undefined) => DataType | undefined;

/** The element types of the values that nodes give, by name. */
export function findElementTypes(draft: GraphDraft): ReadonlyMap<string, DataType> {
  const known = new Map<string, DataType>();
  for (const input of draft.inputs) {
    const type = elementTypeOf(input);
    if (type !== null) known.set(input.name, type);
  }
  const typeOf: TypeOf = (name = "") => known.get(name) ?? typeOfConstant(draft, name);
  for (const node of draft.nodes) {
    typesOfNode(node, typeOf).forEach((type, index) => {
      if (type !== undefined && type !== DataType.UNDEFINED) known.set(node.output[index]!, type);
    });
  }
  return known;
}

function typeOfConstant(draft: GraphDraft, name: string): DataType | undefined {
  const node = draft.producer(name); // a Cast of a constant is another type than the constant
  return node === undefined || node.opType === "Constant" ? draft.constant(name)?.dataType : undefined;
}

function typesOfNode(node: NodeProto, typeOf: TypeOf): readonly (DataType | undefined)[] {
  const { opType, input, output } = node;
  const fixed = FIXED.get(opType);
  if (fixed !== undefined) return fixed.slice(0, output.length);
  if (opType === "Cast") return [intAttribute(node, "to", DataType.UNDEFINED)];
  if (opType === "EyeLike") return [intAttribute(node, "dtype", DataType.UNDEFINED)];
  if (opType === "ConstantOfShape") return [tensorAttribute(node, "value")?.dataType ?? DataType.FLOAT];
  const place = OF_INPUT.get(opType);
  if (place === undefined) return [];
  const type = typeOf(input[place]);
  return opType === "Split" ? output.map(() => type) : [type];
}
