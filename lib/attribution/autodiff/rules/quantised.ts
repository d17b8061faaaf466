// The rule for products with block-quantised weights: the gradient goes through the values that the codes stand for.
import { TensorProto_DataType as DataType } from "onnx-buf";
import { intAttribute } from "../../../onnx/graph_attributes.ts";
import { createRawTensor } from "../../../onnx/graph_tensors.ts";
import type { Emitter } from "../emitter.ts";
import { type Rule, type Step, unsupportedError } from "./rule.ts";

/** A block-quantised matrix: N rows of K columns in `blocks` blocks of `size`, each code of `bits` bits, the first one
 * in a byte's lowest bits. */
interface Weights {
  readonly rows: number;
  readonly columns: number;
  readonly blocks: number;
  readonly size: number;
  readonly bits: number;
  readonly codes: string;
  readonly scales: string;
  readonly zeros: string; // "" = the middle of the codes
  readonly groups: string; // int32 [K]: the block whose scale and zero point a column has; "" = its own
}

/** Rows [from, to) of a matrix. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Numbers of a matrix that are there at once: the rows of a large one (a head's) are taken some at a time. */
const MOST_NUMBERS = 2 ** 22;

/** com.microsoft.MatMulNBits, y = A Wᵀ (+ bias) with W[n, b, i] = (code[n, b, i] - zero[n, b]) scale[n, b]: dA = G W.
 *
 * Most of a gradient's time goes into making W, so as little as can be is done to all of it. */
function matMulNBits(step: Step): ReturnType<Rule> {
  const { e, g, x } = step;
  const [a = "", , , , , bias = ""] = x;
  const weights = weightsOf(step);
  const { rows, columns, blocks, size, groups } = weights;
  const some = Math.max(1, Math.floor(MOST_NUMBERS / columns));
  const ranges = Array.from({ length: Math.ceil(rows / some) }, (_, index) => (
    { from: index * some, to: Math.min(rows, (index + 1) * some) }
  ));
  const times = groups === "" ? timesBlocks : timesColumns;
  const gradient = () => {
    const flat = e.reshape(g, e.ints(-1, rows));
    const shares = ranges.map((range) => {
      const own = ranges.length === 1 ? flat : e.slice(flat, 1, range.from, range.to);
      return times(e, own, weights, range, a);
    });
    const sum = shares.reduce(e.add); // [m, blocks, size]
    if (blocks * size === columns) return e.reshape(sum, e.shape(a));
    return e.reshape(e.slice(e.reshape(sum, e.ints(-1, blocks * size)), 1, 0, columns), e.shape(a));
  };
  return [gradient, null, null, null, null, () => e.sumLike(g, bias)];
}

/** G W for rows of W that have a scale for each block, [m, blocks, size]. Bytes shifted right hold a code and all above
 * it: those, and zero points, are taken off the product, which is smaller than W. */
function timesBlocks(e: Emitter, g: string, weights: Weights, range: Range, a: string): string {
  const { rows, blocks, size, bits, codes } = weights;
  const bytes = e.rowsOf(codes, [rows, blocks, size * bits / 8], range);
  const shifts = e.computedAlong(placesOf(bits).map((place) => bits * place), 4, DataType.UINT8, a);
  const upper = e.cast(e.op("BitShift", [bytes, shifts], { direction: "RIGHT" }));
  const scale = scaleOf(e, weights, range);
  const scaled = e.mul(upper, e.rowsOf(weights.scales, [rows, blocks, 1], range));
  const product = e.matMul(g, e.reshape(scaled, e.ints(8 / bits, range.to - range.from, -1)));
  const own = e.matMul(e.transpose(product, [1, 2, 0]), emitOwnCodes(e, bits)); // [m, bytes, codes of a byte]
  const zero = zeroOf(e, weights, range);
  const offset = typeof zero === "number"
    ? e.contrib("FusedMatMul", [g, scale], { alpha: zero })
    : e.matMul(g, e.mul(zero, scale));
  return e.sub(e.reshape(own, e.ints(-1, blocks, size)), e.unsqueeze(offset, 2));
}

/** [codes of a byte, codes of a byte]: from every code with those above it to the code alone. */
function emitOwnCodes(e: Emitter, bits: number): string {
  const places = placesOf(bits);
  const entry = (from: number, to: number) => from === to ? 1 : from === to + 1 ? -(2 ** bits) : 0;
  return e.draft.floats(places.flatMap((from) => places.map((to) => entry(from, to))), [
    places.length,
    places.length,
  ]);
}

/** G W for rows of W whose columns have a scale each, [m, blocks, size]. */
function timesColumns(e: Emitter, g: string, weights: Weights, range: Range, a: string): string {
  const { rows, blocks, size, bits, codes } = weights;
  const bytes = e.rowsOf(codes, [rows, blocks * size * bits / 8], range);
  const shifts = (left: readonly number[], rank: number) => e.computedAlong(left, rank, DataType.UINT8, a);
  const real = e.sub(emitPlaces(e, bytes, bits, shifts), e.number(2 ** (bits - 1)));
  const product = e.matMul(g, e.mul(real, emitColumnScale(e, weights, scaleOf(e, weights, range))));
  return e.reshape(e.transpose(product, [1, 2, 0]), e.ints(-1, blocks, size));
}

function placesOf(bits: number): number[] {
  return Array.from({ length: 8 / bits }, (_, place) => place);
}

function weightsOf({ node, x }: Step): Weights {
  const [columns, size] = [intAttribute(node, "K", 0), intAttribute(node, "block_size", 0)];
  const [rows, bits] = [intAttribute(node, "N", 0), intAttribute(node, "bits", 4)];
  if (![2, 4, 8].includes(bits)) throw unsupportedError(`MatMulNBits with ${bits} bits`);
  const [, codes = "", scales = "", zeros = "", groups = ""] = x;
  if (groups !== "" && zeros !== "") throw unsupportedError("MatMulNBits with g_idx and zero points");
  return { rows, columns, size, bits, codes, scales, zeros, groups, blocks: Math.ceil(columns / size) };
}

/** Bytes [rows, n] as their codes [codes of a byte, rows, n], as numbers. Codes are taken apart by shifts that are
 * known when the graph runs: folded while it opens they would take eight times the memory. */
function emitPlaces(
  e: Emitter,
  bytes: string,
  bits: number,
  shifts: (values: readonly number[], rank: number) => string,
): string {
  const left = placesOf(bits).map((place) => 8 - bits * (place + 1));
  const upper = e.op("BitShift", [bytes, shifts(left, 3)], { direction: "LEFT" });
  return e.cast(
    bits === 8 ? upper : e.op("BitShift", [upper, shifts([8 - bits], 1)], { direction: "RIGHT" }),
  );
}

/** The scale of every code [codes of a byte, rows, bytes] by the block of its column. */
function emitColumnScale(
  e: Emitter,
  { blocks, size, bits, columns, groups }: Weights,
  scale: string,
): string {
  const padding = e.ints(...new Array<number>(blocks * size - columns).fill(0));
  const all = e.concat([e.slice(e.cast(groups, DataType.INT64), 0, 0, columns), padding], 0);
  const byPlace = e.transpose(e.reshape(all, e.ints(-1, 8 / bits)), [1, 0]); // [codes of a byte, bytes]
  return e.transpose(e.op("Gather", [scale, byPlace], { axis: 1n }), [1, 0, 2]);
}

function scaleOf(e: Emitter, { scales, rows, blocks }: Weights, range: Range): string {
  return e.rowsOf(scales, [rows, blocks], range);
}

/** Zero points are numbers, or packed like the codes, each row's last byte filled up. */
function zeroOf(e: Emitter, { zeros, rows, blocks, bits }: Weights, range: Range): string | number {
  if (zeros === "") return 2 ** (bits - 1);
  if (e.draft.constant(zeros)?.dataType !== DataType.UINT8) return e.rowsOf(zeros, [rows, blocks], range);
  const bytes = e.rowsOf(zeros, [rows, Math.ceil(blocks * bits / 8)], range);
  const shifts = (values: readonly number[], rank: number) =>
    e.draft.initializer(
      createRawTensor(
        "",
        DataType.UINT8,
        [values.length, ...new Array<number>(rank - 1).fill(1)],
        Uint8Array.from(values),
      ),
    );
  const codes = e.transpose(emitPlaces(e, bytes, bits, shifts), [1, 2, 0]);
  return e.slice(e.reshape(codes, e.ints(0, -1)), 1, 0, blocks);
}

export const QUANTISED: Readonly<Record<string, Rule>> = { MatMulNBits: matMulNBits };
