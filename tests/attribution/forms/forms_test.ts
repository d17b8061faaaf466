// Kernels taken apart give what the kernels give; their probabilities are rows that sum to 1.
import assert from "node:assert/strict";
import { splitSkipNorms } from "../../../lib/attribution/forms/skip_norms.ts";
import { expandAttention } from "../../../lib/attribution/forms/attention.ts";
import type { GraphDraft } from "../../../lib/onnx/graph_draft.ts";
import { createFloatTensor } from "../../../lib/onnx/graph_tensors.ts";
import type { Tensor } from "../../../lib/ort/types.ts";
import { largestDifference } from "../../runners/goldens.ts";
import { beforeAndAfter, noise, type OneNode } from "../one_node.ts";

const [BATCH, HEADS, KV_HEADS, WIDTH] = [1, 4, 2, 32];

interface GroupQuery {
  readonly rows: number;
  readonly past: number;
  readonly packed?: boolean;
  readonly rotaryWidth?: number;
  readonly attributes?: OneNode["attributes"];
  readonly extra?: Readonly<Record<number, readonly [string, Tensor]>>;
}

function groupQuery(
  { rows, past, packed = false, rotaryWidth = 0, attributes = {}, extra = {} }: GroupQuery,
): OneNode {
  const width = (heads: number) => [BATCH, rows, heads * WIDTH];
  const feeds: Record<string, Tensor> = packed
    ? { q: noise(width(HEADS + 2 * KV_HEADS), 1) }
    : { q: noise(width(HEADS), 1), k: noise(width(KV_HEADS), 2), v: noise(width(KV_HEADS), 3) };
  for (const name of ["pk", "pv"]) feeds[name] = noise([BATCH, KV_HEADS, past, WIDTH], name === "pk" ? 4 : 5);
  feeds["last"] = { type: "int32", dims: [BATCH], data: Int32Array.of(past + rows - 1) };
  feeds["total"] = { type: "int32", dims: [1], data: Int32Array.of(past + rows) };
  const input = ["q", packed ? "" : "k", packed ? "" : "v", "pk", "pv", "last", "total", "", "", "", "", ""];
  const initializers = [];
  if (rotaryWidth > 0) {
    for (const [i, wave] of [Math.cos, Math.sin].entries()) {
      const angles = Array.from({ length: 32 * rotaryWidth / 2 }, (_, at) => {
        const [place, pair] = [Math.floor(at / (rotaryWidth / 2)), at % (rotaryWidth / 2)];
        return wave(place / 100 ** (2 * pair / rotaryWidth));
      });
      initializers.push(createFloatTensor(["cos", "sin"][i]!, angles, [32, rotaryWidth / 2]));
    }
    [input[7], input[8]] = ["cos", "sin"];
  }
  for (const [index, [name, tensor]] of Object.entries(extra)) {
    input[Number(index)] = name;
    feeds[name] = tensor;
  }
  while (input.at(-1) === "") input.pop();
  return {
    opType: "GroupQueryAttention",
    domain: "com.microsoft",
    input,
    output: ["y", "present_k", "present_v"],
    attributes: {
      num_heads: BigInt(HEADS),
      kv_num_heads: BigInt(KV_HEADS),
      do_rotary: rotaryWidth > 0 ? 1n : 0n,
      ...attributes,
    },
    initializers,
    feeds,
  };
}

const positions: Tensor = { type: "int64", dims: [1, 4], data: BigInt64Array.of(2n, 3n, 5n, 6n) };

const GROUP_QUERIES: Readonly<Record<string, GroupQuery>> = {
  "a prompt": { rows: 5, past: 0 },
  "behind a past": { rows: 4, past: 3 },
  "one row behind a past": { rows: 1, past: 9 },
  "packed, with rotary embedding": { rows: 4, past: 3, packed: true, rotaryWidth: WIDTH },
  "rotary embedding of half the width": { rows: 4, past: 3, rotaryWidth: WIDTH / 2 },
  "interleaved rotary embedding": {
    rows: 4,
    past: 3,
    rotaryWidth: WIDTH,
    attributes: { rotary_interleaved: 1n },
  },
  "positions given": { rows: 4, past: 3, rotaryWidth: WIDTH, extra: { 9: ["place", positions] } },
  "scale and soft-cap": { rows: 4, past: 3, attributes: { scale: 0.3, softcap: 0.7 } },
  "a window over a past": { rows: 4, past: 3, attributes: { local_window_size: 4n } },
  "a window over a prompt": { rows: 6, past: 0, attributes: { local_window_size: 2n } },
  "a bias": { rows: 4, past: 3, extra: { 10: ["bias", noise([1, HEADS, 4, 7], 9)] } },
  "sinks": { rows: 4, past: 3, extra: { 11: ["sink", noise([HEADS], 9)] } },
  "smooth softmax": { rows: 4, past: 3, attributes: { smooth_softmax: 1n } },
};

Deno.test("GroupQueryAttention", async (t) => {
  for (const [name, options] of Object.entries(GROUP_QUERIES)) {
    await t.step(name, async () => {
      const { after } = await same(groupQuery(options), ["y/probabilities"]);
      const probabilities = after["y/probabilities"]!;
      assert.deepEqual(probabilities.dims, [BATCH, HEADS, options.rows, options.rows + options.past]);
      const complete = !/sinks|smooth/.test(name); // a sink takes its share
      const sum = sums(probabilities);
      assert.ok(sum.every((value) => complete ? Math.abs(value - 1) < 1e-5 : value < 1));
    });
  }
});

Deno.test("MultiHeadAttention", async (t) => {
  const width = HEADS * WIDTH;
  const feeds = (past: number) => ({
    q: noise([2, 4, width], 1),
    k: noise([2, 4, width], 2),
    v: noise([2, 4, width], 3),
    pk: noise([2, HEADS, past, WIDTH], 4),
    pv: noise([2, HEADS, past, WIDTH], 5),
    bias: noise([2, HEADS, 4, 4 + past], 6),
  });
  const multiHead = (input: string[], past: number, attributes: OneNode["attributes"] = {}): OneNode => ({
    opType: "MultiHeadAttention",
    domain: "com.microsoft",
    input,
    output: ["y", "present_k", "present_v"],
    attributes: { num_heads: BigInt(HEADS), ...attributes },
    initializers: [createFloatTensor("b", [...noise([3 * width], 8).data].map(Number), [3 * width])],
    feeds: Object.fromEntries(Object.entries(feeds(past)).filter(([name]) => input.includes(name))),
  });
  await t.step("a bias on the scores, a past, biases of the projections", async () => {
    await same(multiHead(["q", "k", "v", "b", "", "bias", "pk", "pv"], 3));
  });
  await t.step("unidirectional", async () => {
    await same(multiHead(["q", "k", "v", "", "", "", "pk", "pv"], 0, { unidirectional: 1n, scale: 0.2 }));
  });
});

Deno.test("ai.onnx Attention", async (t) => {
  const standard = (input: string[], mask: Tensor | null, attributes: OneNode["attributes"]): OneNode => ({
    opType: "Attention",
    domain: "",
    opset: 23,
    input,
    output: ["y", "present_k", "present_v"],
    attributes: { q_num_heads: BigInt(HEADS), kv_num_heads: BigInt(KV_HEADS), ...attributes },
    feeds: {
      q: noise([2, 4, HEADS * WIDTH], 1),
      k: noise([2, 4, KV_HEADS * WIDTH], 2),
      v: noise([2, 4, KV_HEADS * WIDTH], 3),
      pk: noise([2, KV_HEADS, 3, WIDTH], 4),
      pv: noise([2, KV_HEADS, 3, WIDTH], 5),
      ...(mask === null ? {} : { mask }),
    },
  });
  await t.step("a mask of numbers", async () => {
    await same(standard(["q", "k", "v", "mask", "pk", "pv"], noise([4, 7], 6), { scale: 0.3 }));
  });
  await t.step("a soft-cap", async () => {
    await same(standard(["q", "k", "v", "", "pk", "pv"], null, { softcap: 0.5 }));
  });
});

Deno.test("kernels that show less than they do are refused by name", async () => {
  const padded: OneNode = {
    opType: "MultiHeadAttention",
    domain: "com.microsoft",
    input: ["q", "q", "q", "", "padding"],
    output: ["y"],
    attributes: { num_heads: 4n },
    feeds: { q: noise([1, 4, 64], 1), padding: { type: "int32", dims: [1], data: Int32Array.of(3) } },
  };
  await assert.rejects(() => same(padded), {
    message: 'Attribution cannot look into MultiHeadAttention "node": it has a key_padding_mask.',
  });
});

Deno.test("residual sums come out of the normalisations behind them", async (t) => {
  const fused = (opType: string, weights: readonly string[], output: readonly string[]): OneNode => ({
    opType,
    domain: "com.microsoft",
    input: ["x", "skip", ...weights],
    output,
    attributes: { epsilon: 1e-5 },
    initializers: ["w", "beta", "bias"].map((name, i) =>
      createFloatTensor(name, [...noise([8], 3 + i).data].map(Number), [8])
    ),
    feeds: { x: noise([2, 3, 8], 1), skip: noise([2, 3, 8], 2) },
  });
  const forms = {
    "root mean square": fused("SkipSimplifiedLayerNormalization", ["w"], ["y", "", "", "sum"]),
    "root mean square, its sum inside": fused("SkipSimplifiedLayerNormalization", ["w"], ["y"]),
    "root mean square, a bias": fused("SkipSimplifiedLayerNormalization", ["w", "bias"], [
      "y",
      "",
      "",
      "sum",
    ]),
    "layer norm": fused("SkipLayerNormalization", ["w", "beta"], ["y", "", "", "sum"]),
    "layer norm, a bias": fused("SkipLayerNormalization", ["w", "beta", "bias"], ["y", "", "", "sum"]),
  };
  for (const [name, node] of Object.entries(forms)) {
    await t.step(name, async () => {
      await same(node, [], splitSkipNorms);
    });
  }
});

async function same(
  node: OneNode,
  more: readonly string[] = [],
  change: (draft: GraphDraft) => unknown = expandAttention,
) {
  const { before, after } = await beforeAndAfter(node, (draft) => {
    change(draft);
    assert.ok(draft.nodes.every(({ opType }) => opType !== node.opType), "the kernel is gone");
  }, more);
  for (const [name, tensor] of Object.entries(before)) {
    assert.deepEqual(after[name]!.dims, tensor.dims);
    const difference = largestDifference(after[name]!.data as Float32Array, tensor.data as Float32Array);
    assert.ok(difference < 2e-6, `${name} differs by ${difference}`);
  }
  return { before, after };
}

/** The sums over the last axis. */
function sums({ dims, data }: Tensor): number[] {
  const width = dims.at(-1)!;
  return Array.from(
    { length: data.length / width },
    (_, row) =>
      [...data.subarray(row * width, (row + 1) * width) as Float32Array].reduce(
        (sum, value) => sum + value,
        0,
      ),
  );
}
