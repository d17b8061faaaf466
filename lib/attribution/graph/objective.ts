// The number that is differentiated, as nodes of the graph, and what a run feeds to choose it.
import { TensorProto_DataType as DataType } from "onnx-buf";
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import type { Tensor } from "../../ort/types.ts";
import { Emitter } from "../autodiff/emitter.ts";
import type { Target } from "../types.ts";

const DIRECTION = "attribution/direction"; // [1, rows, vocabulary]: which scores are added up, and with what sign
const NORMALISED = "attribution/normalised"; // bool []: scores are log-probabilities, else logits
const EXPONENTIAL = "attribution/exponential"; // bool []: e to the sum: probabilities

/** Adds F [batch], the sum of direction · scores over the rows of `logits` [batch, rows, vocabulary], where scores are
 * logits or log-probabilities, or e to that sum. */
export function addObjective(draft: GraphDraft, logits: string): string {
  const e = new Emitter(draft);
  const direction = draft.input(DIRECTION, DataType.FLOAT, [1, "rows", "vocabulary"]);
  const normalised = draft.input(NORMALISED, DataType.BOOL, []);
  const exponential = draft.input(EXPONENTIAL, DataType.BOOL, []);
  const scores = e.where(normalised, e.op("LogSoftmax", [logits], { axis: -1n }), logits);
  const sum = e.sum(e.mul(scores, direction), [1, 2], false);
  // Logits may be too large for exp, so that only what is asked for goes through it.
  return e.where(exponential, e.exp(e.where(exponential, sum, e.number(0))), sum);
}

/** The inputs that make F the target: its rows are those of `target.ids`, one after the other. */
export function feedObjective(target: Target, vocabulary: number): Record<string, Tensor> {
  const { ids, rival, quantity } = target;
  const direction = new Float32Array(ids.length * vocabulary);
  ids.forEach((id, row) => direction[row * vocabulary + id] = 1);
  if (rival !== null) direction[rival] = direction[rival]! - 1;
  const flag = (value: boolean): Tensor => ({ type: "bool", dims: [], data: Uint8Array.of(value ? 1 : 0) });
  return {
    [DIRECTION]: { type: "float32", dims: [1, ids.length, vocabulary], data: direction },
    [NORMALISED]: flag(quantity !== "logit" && rival === null),
    [EXPONENTIAL]: flag(quantity === "prob" && rival === null),
  };
}
