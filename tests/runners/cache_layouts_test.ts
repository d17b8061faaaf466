// Every way in which exporters lay out what a run keeps: through the caches the answers are those of a model that has
// none, also after going back, on both runners.
import { strict as assert } from "node:assert";
import { TensorProto_DataType as DataType } from "onnx-buf";
import { checkStates } from "../../lib/runners/check.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import type { Builder } from "../attribution/graph_builder.ts";
import { inFolder } from "../onnx/onnx_edit.ts";
import {
  attending,
  byHead,
  type CacheModel,
  cacheModel,
  convolving,
  type KeyLayout,
  mergedModel,
  recurring,
} from "./cache_models.ts";
import { onePast } from "./odd_models.ts";
import { largestDifference } from "./goldens.ts";
import { openAddon, openNative } from "./native_fixture.ts";
import { finish } from "../finish.ts";

const CONFIG = { num_attention_heads: 2, hidden_size: 16, max_position_embeddings: 64 };
const signal = new AbortController().signal;
const optimum = byHead((layer, kind) => `past_key_values.${layer}.${kind}`);

/** Bloom: heads on the axis of the batch, keys transposed. */
const bloom = (kind: string): KeyLayout => ({
  ...optimum(kind),
  dims: kind === "key"
    ? ["batch_size x num_heads", 8, "past_length"]
    : ["batch_size x num_heads", "past_length", 8],
  empty: kind === "key" ? [2, 8, 0] : [2, 0, 8],
  axis: kind === "key" ? 2 : 1,
  store(b, x) {
    const folded = b.reshape(x, [2, -1, 8]);
    return kind === "key" ? b.transposed(folded, 0, 2, 1) : folded;
  },
  load: (b, x) => b.reshape(kind === "key" ? b.transposed(x, 0, 2, 1) : x, [1, 2, -1, 8]),
});

/** Tokens before heads. */
const tokensFirst = (kind: string): KeyLayout => ({
  ...optimum(kind),
  dims: ["batch", "past_length", 2, 8],
  empty: [1, 0, 2, 8],
  axis: 1,
  store: (b, x) => b.transposed(x, 0, 2, 1, 3),
  load: (b, x) => b.transposed(x, 0, 2, 1, 3),
});

/** Tokens last of all, as for a product with transposed keys. */
const tokensLast = (kind: string): KeyLayout => ({
  ...optimum(kind),
  dims: ["batch", 2, 8, "past_length"],
  empty: [1, 2, 8, 0],
  axis: 3,
  store: (b, x) => b.transposed(x, 0, 1, 3, 2),
  load: (b, x) => b.transposed(x, 0, 1, 3, 2),
});

/** Heads last of all. */
const headsLast = (kind: string): KeyLayout => ({
  ...optimum(kind),
  dims: ["batch", "past_length", 8, 2],
  empty: [1, 0, 8, 2],
  axis: 1,
  store: (b, x) => b.transposed(x, 0, 2, 3, 1),
  load: (b, x) => b.transposed(x, 0, 3, 1, 2),
});

/** Tokens before texts. */
const tokensBeforeTexts = (kind: string): KeyLayout => ({
  ...optimum(kind),
  dims: ["past_length", "batch", 2, 8],
  empty: [0, 1, 2, 8],
  axis: 0,
  store: (b, x) => b.transposed(x, 2, 0, 1, 3),
  load: (b, x) => b.transposed(x, 1, 2, 0, 3),
});

/** No axis for texts. */
const oneText = (kind: string): KeyLayout => ({
  ...optimum(kind),
  dims: [2, "past_length", 8],
  empty: [2, 0, 8],
  axis: 1,
  store: (b, x) => b.reshape(x, [2, -1, 8]),
  load: (b, x) => b.reshape(x, [1, 2, -1, 8]),
});

/** All heads of a token in one row. */
const rows = (kind: string): KeyLayout => ({
  ...optimum(kind),
  dims: ["batch", "past_length", 16],
  empty: [1, 0, 16],
  axis: 1,
  store: (b, x) => b.reshape(b.transposed(x, 0, 2, 1, 3), [0, 0, 16]),
  load: (b, x) => b.transposed(b.reshape(x, [0, 0, 2, 8]), 0, 2, 1, 3),
});

/** Five dimensions, "past_0": what ONNX Runtime's own GPT-2 tools write keys and values as; here each has its own. */
const five = (kind: string): KeyLayout => ({
  ...optimum(kind),
  past: (layer) => `past_${2 * layer + (kind === "key" ? 0 : 1)}`,
  present: (layer) => `present_${2 * layer + (kind === "key" ? 0 : 1)}`,
  dims: [2, "batch", 1, "past_length", 8],
  empty: [2, 1, 1, 0, 8],
  axis: 3,
  store: (b, x) => b.reshape(x, [2, 1, 1, -1, 8]),
  load: (b, x) => b.reshape(x, [1, 2, -1, 8]),
});

/** What token types, cache positions and positions of three axes say, added to the embeddings. */
function withOtherInputs(b: Builder, x: string, cached: boolean): string {
  const types = b.weight("types", [3, 16], 0.5, 5);
  const places = b.weight("places", [64, 16], 0.5, 6);
  const [zeros, one, all] = cached
    ? [
      b.input("token_type_ids", DataType.INT64, ["batch", "length"]),
      b.input("cache_position", DataType.INT64, ["length"]),
      b.input("position_ids", DataType.INT64, [3, "batch", "length"]),
    ]
    : [b.op("Mul", ["input_ids", b.ints([0])]), b.places(), b.op("Unsqueeze", [b.places(), b.ints([0])])];
  const row = cached ? b.op("Gather", [all, b.ints([2])]) : b.op("Unsqueeze", [all, b.ints([0])]);
  const axes = b.op("Squeeze", [b.op("Gather", [places, row]), b.ints([0])]);
  const sum = b.op("Add", [b.op("Gather", [types, zeros]), b.op("Gather", [places, one])]);
  return b.op("Add", [x, b.op("Add", [sum, axes])]);
}

/** Lengths as onnxruntime-genai feeds them: what they say is added, so that a wrong one is seen. */
function withLengths(b: Builder, x: string, cached: boolean): string {
  const length = b.op("Gather", [b.op("Shape", ["input_ids"]), b.ints([1])]);
  const zero = b.ints([0]);
  if (!cached) return b.op("Add", [x, b.op("Cast", [b.op("Sub", [length, length])], { to: 1n })]);
  const past = b.input("past_sequence_length", DataType.INT64, [1]);
  const total = b.input("total_sequence_length", DataType.INT64, []);
  const last = b.input("seqlens_k", DataType.INT64, ["batch"]);
  const sum = b.op("Sub", [b.op("Sub", [total, past]), length]);
  const other = b.op("Sub", [b.op("Sub", [total, b.ints([1])]), last]);
  return b.op("Add", [x, b.op("Cast", [b.op("Add", [b.op("Add", [sum, other]), zero])], { to: 1n })]);
}

const two = (layout: (kind: string) => KeyLayout, width = 8) => [0, 1].map(() => attending(layout, width));

const MODELS: Readonly<Record<string, () => CacheModel>> = {
  "no cache at all": () => {
    const { plain } = cacheModel(two(optimum));
    return { cached: plain, plain };
  },
  "Bloom's": () => cacheModel(two(bloom)),
  "tokens before heads": () => cacheModel(two(tokensFirst)),
  "five dimensions": () => cacheModel(two(five)),
  "tokens last": () => cacheModel(two(tokensLast)),
  "heads last": () => cacheModel(two(headsLast)),
  "tokens before texts": () => cacheModel(two(tokensBeforeTexts)),
  "no axis for texts": () => cacheModel(two(oneText)),
  "all heads of a token in one row": () => cacheModel(two(rows)),
  "axes that are called nothing": () =>
    cacheModel(two((kind) => ({ ...optimum(kind), dims: ["b", "h", "n", "d"] }))),
  "one tensor for all layers": () => ({ cached: onePast(true), plain: onePast(false) }),
  "another head size in each layer": () =>
    cacheModel([
      attending(byHead((l, kind) => `past_key_values.${l}.${kind}`, 4), 4),
      attending(byHead((l, kind) => `past_key_values.${l}.${kind}`, 8), 8),
    ]),
  "token types, cache positions, three positions": () => cacheModel(two(optimum), withOtherInputs),
  "lengths": () => cacheModel(two(optimum), withLengths),
  "convolutions and attention (LFM2)": () =>
    cacheModel([convolving, attending(optimum), convolving, attending(optimum)]),
  "recurrences alone (Mamba)": () => cacheModel([recurring, recurring]),
  "convolutions and recurrences": () => cacheModel([convolving, recurring]),
  "a merged decoder": () => mergedModel(true),
  "a merged decoder that takes one token at a time": () => mergedModel(false),
};

/** Calls `use` with the model on one of the runners, and with what the same model gives without a cache. */
async function opened(
  { cached, plain }: CacheModel,
  open: typeof openNative,
  use: (runner: LmRunner, fresh: (ids: readonly number[]) => Promise<Float32Array>) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/model.onnx`, cached);
    await Deno.writeFile(`${folder}/plain.onnx`, plain);
    const runner = await open(`${folder}/model.onnx`, CONFIG);
    const other = await openAddon(`${folder}/plain.onnx`, CONFIG);
    await use(runner, async (ids) => (await other.run(other.empty(), ids)).logits);
    await runner.dispose();
    await other.dispose();
  });
}

const prompt = [3, 14, 15, 9, 26, 5, 35];
/** A text, clicks, the way back, another branch, a text that begins in the same way, and several tokens at once. */
const WALK = [
  prompt,
  [...prompt, 8],
  [...prompt, 8, 1],
  [...prompt, 7],
  [...prompt, 7, 7, 7, 7],
  prompt.slice(0, 3),
  [...prompt.slice(0, 3), 30, 31],
  [...prompt, 8, 1, 2, 3, 4],
  [...prompt, 8, 1, 2],
  prompt.slice(0, 1),
];

for (const [runtime, open] of [["native", openNative], ["addon", openAddon]] as const) {
  for (const [name, make] of Object.entries(MODELS)) {
    Deno.test(`${runtime} cache: ${name}: on every way through the caches the answer is a fresh one`, async () => {
      await opened(make(), open, async (runner, fresh) => {
        const source = new LogitsSource(runner, 1e6, 1); // it remembers no logits
        for (const ids of WALK) {
          const { logits } = await finish(source.after(ids, signal));
          assert.ok(largestDifference(logits, await fresh(ids)) < 1e-4, `after ${ids}`);
        }
        assert.equal(await checkStates(runner, [1, 2, 3, 4, 5, 6]), null);
        const { kv } = await runner.run(runner.empty(), prompt);
        const ahead = await runner.lookahead(kv, [2, 9, 30]);
        const again = await runner.lookahead(kv, [2, 9, 30]);
        for (const [i, id] of [2, 9, 30].entries()) {
          const expected = await fresh([...prompt, id]);
          assert.ok(largestDifference(ahead[i]!, expected) < 1e-4, `ahead ${id}`);
          assert.ok(largestDifference(again[i]!, expected) < 1e-4, `again ${id}`);
        }
        runner.release(kv);
        source.clear();
      });
    });
  }
}
