// Lists of sizes that a graph computes from constants and shapes: 4, "length", 2 * "length".
import { findOwn } from "../../basics/find_own.ts";
import type { NodeProto } from "onnx-buf";
import { intAttribute, tensorAttribute } from "../../onnx/graph_attributes.ts";
import { dimsOf, valuesOf } from "../../onnx/graph_tensors.ts";
import { type Dim, productOf, sumOf } from "./dimensions.ts";
import type { Known } from "./known.ts";

/** Operators that give the same numbers in another shape or type. */
const SAME_NUMBERS: ReadonlySet<string> = new Set([
  "Identity",
  "Cast",
  "Unsqueeze",
  "Squeeze",
  "Reshape",
]);
const LONGEST = 16;

type List = readonly Dim[] | null;
/** What one number is made of two; null where only the run can tell. */
type Combine = (a: Dim, b: Dim) => Dim | null;

const bothNumbers = (of: (a: number, b: number) => number): Combine => (a, b) =>
  typeof a === "number" && typeof b === "number" ? of(a, b) : null;

const COMBINED: Readonly<Record<string, Combine>> = {
  Add: (a, b) => sumOf([a, b]),
  Sub: (a, b) => a === b ? 0 : bothNumbers((x, y) => x - y)(a, b),
  Mul: (a, b) => productOf([a, b]),
  Div: bothNumbers((a, b) => Math.trunc(a / b)),
  Equal: (a, b) =>
    a === b ? 1 : isNegative(a) || isNegative(b) || typeof a === typeof b ? decideUnequal(a, b) : null,
};

/** Two numbers, or a size and a number below zero, are known to differ; two symbols are not. */
function decideUnequal(a: Dim, b: Dim): number | null {
  return typeof a === "string" && typeof b === "string" ? null : 0;
}

function isNegative(dim: Dim): boolean {
  return typeof dim === "number" && dim < 0;
}

/** The numbers of a constant, or those that a node gives; null where that is no short list, or only the run can
 * tell. */
export function listOf(known: Known, name: string): List {
  const constant = known.draft.constant(name);
  if (constant !== undefined) {
    const short = dimsOf(constant).reduce((a, b) => a * b, 1) <= LONGEST;
    return short ? valuesOf(constant) : null;
  }
  const node = known.draft.producer(name);
  if (node === undefined) return null;
  const [first = null] = node.input.map((input) => known.list(input));
  if (SAME_NUMBERS.has(node.opType)) return first;
  const each = findOwn(COMBINED, node.opType);
  if (each !== undefined) return combine(known, node, each);
  return findOwn(OTHERS, node.opType)?.(known, node, first) ?? null;
}

function combine(known: Known, node: NodeProto, each: Combine): List {
  const lists = node.input.map((input) => known.list(input));
  return combineElementwise(known, lists, ([a, b]) => each(a!, b!));
}

/** Element by element; a list of one goes with each of the others. */
function combineElementwise(known: Known, lists: readonly List[], of: (elements: Dim[]) => Dim | null): List {
  const all = lists.filter((list) => list !== null);
  if (all.length < lists.length) return null;
  const length = Math.max(...all.map((list) => list.length));
  if (all.some((list) => list.length !== 1 && list.length !== length)) return null;
  const at = (index: number) => all.map((list) => list.length === 1 ? list[0]! : list[index]!);
  return Array.from({ length }, (_, index) => of(at(index)) ?? known.fresh());
}

const OTHERS: Readonly<Record<string, (known: Known, node: NodeProto, first: List) => List>> = {
  Shape: (known, node) => {
    const dims = known.dims(node.input[0]!);
    return dims?.slice(intAttribute(node, "start", 0), intAttribute(node, "end", dims.length)) ?? null;
  },
  Gather: (known, node, from) => {
    const places = known.constants(node, 1);
    if (from === null || places === null) return null;
    return places.map((place) => from.at(place) ?? known.fresh());
  },
  Slice: (known, node, from) => {
    const [starts, ends] = [known.constants(node, 1), known.constants(node, 2)];
    const steps = (node.input[4] ?? "") === "" ? [1] : known.constants(node, 4);
    return starts === null || ends === null || steps?.[0] !== 1
      ? null
      : from?.slice(starts[0], ends[0]) ?? null;
  },
  Concat: (known, node) => {
    const parts = node.input.map((input) => known.list(input));
    return parts.includes(null) ? null : parts.flatMap((part) => [...part!]);
  },
  ConstantOfShape: (_, node, shape) => {
    const length = shape?.length === 1 ? shape[0] : null;
    if (typeof length !== "number" || length > LONGEST) return null;
    const value = tensorAttribute(node, "value");
    return new Array<Dim>(length).fill((value === null ? null : valuesOf(value))?.[0] ?? 0);
  },
  Where: (known, node) =>
    combineElementwise(
      known,
      node.input.map((input) => known.list(input)),
      ([condition, a, b]) => condition === 1 ? a! : condition === 0 ? b! : null,
    ),
};

/** How many numbers a Range of step 1 gives: n from 0 to n, and from a to a + n. */
export function countOf(known: Known, node: NodeProto): Dim {
  const [start, limit, step] = node.input as [string, string, string];
  const [from, by] = [known.list(start)?.[0], known.list(step)?.[0]];
  if (by !== 1) return known.fresh();
  if (from === 0) return known.list(limit)?.[0] ?? known.fresh();
  const sum = known.draft.producer(rootOf(known, limit));
  const others = sum?.opType === "Add"
    ? sum.input.filter((term) => rootOf(known, term) !== rootOf(known, start))
    : [];
  return (others.length === 1 ? known.list(others[0]!)?.[0] : undefined) ?? known.fresh();
}

/** The value that this one holds the same numbers as, in another shape or type. */
function rootOf(known: Known, name: string): string {
  const node = known.draft.producer(name);
  return node !== undefined && SAME_NUMBERS.has(node.opType) ? rootOf(known, node.input[0]!) : name;
}
