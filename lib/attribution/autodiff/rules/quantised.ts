// The rule for products with block-quantised weights: the gradient goes through the values that the codes stand for.
import { TensorProto_DataType as DataType } from "onnx-buf";
import { intAttribute } from "../../../onnx/graph_attributes.ts";
import { rawTensor } from "../../../onnx/graph_tensors.ts";
import type { Emitter } from "../emitter.ts";
import { type Rule, type Step, unsupported } from "./rule.ts";

/** Sizes of a block-quantised matrix: N rows of K columns in `blocks` blocks of `size`, each code of `bits` bits. */
interface Blocks {
  readonly rows: number;
  readonly columns: number;
  readonly blocks: number;
  readonly size: number;
  readonly bits: number;
}

/** com.microsoft.MatMulNBits, y = A Wᵀ (+ bias) with W[n, b, i] = (code[n, b, i] - zero[n, b]) scale[n, b]: dA = G W.
 *
 * W is never stored: for each half of the codes (4 bits: the low halves of the bytes, then the high ones)
 * Σ_n G[m, n] scale[n, b] code[n, b, i], and from that Σ_n G[m, n] scale[n, b] zero[n, b] is taken off block by block. */
function matMulNBits(step: Step): ReturnType<Rule> {
  const { e, g, x } = step;
  const [a, codes, scales, zeros = "", order = ""] = x as [string, string, string, string?, string?];
  const blocks = blocksOf(step);
  if (order !== "") throw unsupported("MatMulNBits with g_idx");
  return [() => {
    const { rows, columns, blocks: count, size } = blocks;
    const scale = e.reshape(scales, e.ints(rows, count));
    const parts = codeParts(e, a, codes, blocks).map((part) => {
      const width = size * blocks.bits / 8;
      const weights = e.reshape(e.mul(part, e.unsqueeze(scale, 2)), e.ints(rows, count * width));
      return e.reshape(e.matMul(g, weights), e.ints(-1, count, width, 1));
    });
    const whole = parts.length === 1 ? parts[0]! : e.concat(parts, 3); // [m, blocks, codes of a part, parts]
    const zero = e.mul(scale, zeroPoints(e, zeros, blocks));
    const result = e.sub(whole, e.reshape(e.matMul(g, zero), e.ints(-1, count, 1, 1)));
    if (count * size === columns) return e.reshape(result, e.shape(a));
    return e.reshape(e.slice(e.reshape(result, e.ints(-1, count * size)), 1, 0, columns), e.shape(a));
  }];
}

function blocksOf({ node }: Step): Blocks {
  const [columns, size] = [intAttribute(node, "K", 0), intAttribute(node, "block_size", 0)];
  const bits = intAttribute(node, "bits", 4);
  if (bits !== 4 && bits !== 8) throw unsupported(`MatMulNBits with ${bits} bits`);
  return { rows: intAttribute(node, "N", 0), columns, size, bits, blocks: Math.ceil(columns / size) };
}

/** The codes as floats [rows, blocks, bytes of a block]: all of them, or those in low and in high halves of bytes. They
 * are taken apart when the graph runs: folded while it opens they would take eight times the memory. */
function codeParts(e: Emitter, a: string, codes: string, { rows, blocks, bits }: Blocks): string[] {
  const bytes = e.reshape(codes, e.ints(rows, blocks, -1));
  const shift = e.computed(bits === 4 ? 4 : 0, DataType.UINT8, a);
  const [low, high] = halves(e, bytes, shift);
  return bits === 4 ? [e.cast(low), e.cast(high)] : [e.cast(high)];
}

/** Low and high bits of bytes, apart by `shift`. */
function halves(e: Emitter, bytes: string, shift: string): [low: string, high: string] {
  const by = (value: string, direction: string) => e.op("BitShift", [value, shift], { direction });
  return [by(by(bytes, "LEFT"), "RIGHT"), by(bytes, "RIGHT")];
}

/** Zero points as floats [rows, blocks], or their default, the middle of the codes. */
function zeroPoints(e: Emitter, zeros: string, { rows, blocks, bits }: Blocks): string {
  if (zeros === "") return e.number(2 ** (bits - 1));
  const packed = e.draft.constant(zeros)?.dataType === DataType.UINT8;
  if (!packed || bits === 8) return e.cast(e.reshape(zeros, e.ints(rows, blocks)));
  const bytes = e.reshape(zeros, e.ints(rows, -1, 1)); // two a byte, a row's last one filled up
  const four = e.draft.initializer(rawTensor("", DataType.UINT8, [], Uint8Array.of(4)));
  const pairs = e.concat(halves(e, bytes, four), 2);
  return e.cast(e.slice(e.reshape(pairs, e.ints(rows, -1)), 1, 0, blocks));
}

export const QUANTISED: Readonly<Record<string, Rule>> = { MatMulNBits: matMulNBits };
