// Cases for fused operators.
import { createRawTensor } from "../../../lib/onnx/graph_tensors.ts";
import type { GraphDraft } from "../../../lib/onnx/graph_draft.ts";
import { type Case, type Dims, unary, withBias } from "./case_kinds.ts";
import { checkGradient, random } from "./small_graphs.ts";

export const KERNEL_CASES: Readonly<Record<string, Case>> = {
  Gelu: (shape, seed) =>
    seed % 2
      ? unary("Gelu", [-2, 2], { approximate: seed % 3 ? "tanh" : "none" })(shape, seed)
      : withBias("Gelu", false)(shape, seed),
  BiasGelu: withBias("BiasGelu", true),
  FastGelu: withBias("FastGelu", true),
  QuickGelu: withBias("QuickGelu", false, { alpha: 1.3 }),
  Swish: (shape, seed) =>
    checkGradient(
      { x: random(seed, shape, -2, 2) },
      (draft) => draft.op("Swish", ["x"], { attributes: { alpha: 1.5 } }),
      { opset: 24 },
    ),
  RotaryEmbedding: rotary,
  MatMulNBits: blocks,
};

/** The rotation of both exporters: com.microsoft's [B, S, heads · D] and operator set 23's [B, heads, S, D], whole and
 * in part, halves and pairs. */
function rotary([batch = 1, length = 1]: Dims, seed: number): Promise<void> {
  const [heads, width, turned] = [2, 6, seed % 2 ? 6 : 4];
  const microsoft = seed % 3 > 0 && turned === width;
  const dims = microsoft ? [batch, length, heads * width] : [batch, heads, length, width];
  return checkGradient({ x: random(seed, dims) }, (draft) => {
    const angles = [...random(seed + 1, [8, turned / 2]).data];
    const [cos, sin] = [Math.cos, Math.sin].map((of) => draft.floats(angles.map(of), [8, turned / 2])) as [
      string,
      string,
    ];
    const places = Array.from({ length: batch * length }, (_, index) => (index + seed) % 8);
    const positions = draft.ints(places, [batch, length]);
    const attributes = { interleaved: BigInt((seed >> 3) & 1) };
    return microsoft
      ? draft.op("RotaryEmbedding", ["x", positions, cos, sin], {
        domain: "com.microsoft",
        attributes: { ...attributes, num_heads: BigInt(heads) },
      })
      : draft.op("RotaryEmbedding", ["x", cos, sin, positions], {
        attributes: turned === width ? attributes : { ...attributes, rotary_embedding_dim: BigInt(turned) },
      });
  }, { opset: 23 });
}

/** Block-quantised weights of 2, 4 and 8 bits, with default, packed and real zero points, a last block that is not
 * full, a bias, and columns that choose their block (4 bits, without zero points). */
function blocks(shape: Dims, seed: number): Promise<void> {
  const real = seed % 3 === 2; // real zero points: 4 bits only
  const [rows, size, bits] = [5, 16, real ? 4 : [4, 8, 2][(seed >> 2) % 3]!];
  const columns = seed % 2 ? 48 : 40;
  const count = Math.ceil(columns / size);
  const bytes = (length: number, from: number) =>
    Uint8Array.from(random(from, [length], 0, 256).data, (value) => Math.floor(value));
  return checkGradient({ a: random(seed, [...shape.slice(0, 2), columns]) }, (draft) => {
    const codes = draft.initializer(
      createRawTensor(
        "codes",
        2,
        [rows, count, size * bits / 8],
        bytes(rows * count * size * bits / 8, seed + 1),
      ),
    );
    const scales = draft.floats([...random(seed + 2, [rows * count], 0.01, 0.02).data], [rows * count]);
    const packed = rows * Math.ceil(count * bits / 8);
    const zeros = [
      () => "",
      () => draft.initializer(createRawTensor("zeros", 2, [packed], bytes(packed, seed + 3))),
      () => draft.floats([...random(seed + 3, [rows * count], 0, 9).data], [rows * count]),
    ][seed % 3]!();
    const groups = bits === 4 && zeros === "" && (seed >> 3) % 2 === 1 ? groupsOf(draft, columns, count) : "";
    const bias = (seed >> 4) % 2 === 1 ? draft.floats([...random(seed + 4, [rows]).data], [rows]) : "";
    const input = ["a", codes, scales, zeros, groups, bias];
    while (input.at(-1) === "") input.pop();
    const attributes = { K: BigInt(columns), N: BigInt(rows), bits: BigInt(bits), block_size: BigInt(size) };
    return draft.op("MatMulNBits", input, { attributes, domain: "com.microsoft" });
  });
}

/** Columns in turn of every block. */
function groupsOf(draft: GraphDraft, columns: number, blocks: number): string {
  const groups = Int32Array.from({ length: columns }, (_, column) => column % blocks);
  return draft.initializer(createRawTensor("groups", 6, [columns], new Uint8Array(groups.buffer)));
}
