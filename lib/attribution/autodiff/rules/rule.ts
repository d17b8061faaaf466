// What a rule of differentiation is: from the gradients of a node's outputs to those of its inputs, as new nodes.
import type { NodeProto } from "onnx-buf";
import { fault } from "../../../fault.ts";
import { valuesOf } from "../../../onnx/graph_tensors.ts";
import type { Emitter } from "../emitter.ts";

/** One node of the graph, as its rule of differentiation sees it. */
export interface Step {
  readonly e: Emitter;
  readonly node: NodeProto;
  /** Names of the inputs and outputs; "" for those that are left out. */
  readonly x: readonly string[];
  readonly y: readonly string[];
  /** The gradient of output 0. */
  readonly g: string;
  /** The gradient of every output, null where nothing came back to it. */
  readonly all: readonly (string | null)[];
}

/** The gradient of one input, added to the graph when it is called. */
export type Gradient = () => string;

/** Gradients of a node's inputs by place; null and what is missing: no gradient goes there. */
export type Rule = (step: Step) => readonly (Gradient | null)[];

/** The gradient of an input that the operator may have broadcast; `other` is what it was combined with. */
export function unbroadcast({ e }: Step, gradient: string, x: string, other: string): string {
  return x === other || isScalar(e, other) ? gradient : e.sumLike(gradient, x);
}

function isScalar(e: Emitter, name: string): boolean {
  const constant = e.draft.constant(name);
  return constant !== undefined && constant.dims.length <= 1 && constant.dims.every((size) => size === 1n);
}

/** The integers of a constant input, or null where the input is left out. Throws an `unsupported` fault for computed
 * ones. */
export function readConstantInts({ e, node, x }: Step, index: number): number[] | null {
  const name = x[index] ?? "";
  if (name === "") return null;
  const constant = e.draft.constant(name);
  const values = constant === undefined ? null : valuesOf(constant);
  if (values === null) throw unsupportedError(`${node.opType} with a computed input ${index}`);
  return values;
}

/** The error for what cannot be differentiated. */
export function unsupportedError(what: string): Error {
  return fault(
    "unsupported",
    `Gradients cannot go back through this model's graph: it uses ${what}, and there is no rule for that.`,
  );
}
