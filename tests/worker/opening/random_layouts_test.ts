// Caches whose axes lie in any order, under any names, keys otherwise than values: what a load takes gives the logits
// of the same model without a cache, and what it cannot tell apart it refuses by name. None is wrong without a word.
import assert from "node:assert/strict";
import { join } from "node:path";
import { faultOf } from "../../../lib/fault.ts";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import type { LmRunner } from "../../../lib/runners/types.ts";
import { LogitsSource } from "../../../lib/worker/logits/logits_source.ts";
import { openRunner } from "../../../lib/worker/opening/open_runner.ts";
import { FIRST_LOAD, FIXTURES, specFor } from "../../engine/spec.ts";
import { withFolder } from "../../hub/support.ts";
import {
  attending,
  byHead,
  type CacheModel,
  cacheModel,
  type KeyLayout,
} from "../../runners/cache_models.ts";
import { largestDifference } from "../../runners/goldens.ts";
import { openAddon } from "../../runners/native_fixture.ts";
import { finish } from "../../finish.ts";

const CASES = 40;
const MODEL = "tiny-llama-gqa";
const CONFIG = { num_attention_heads: 2, hidden_size: 16, max_position_embeddings: 64 };
const SIZES = [1, 2, 0, 8]; // texts, heads, tokens, width: those of no tokens
const NAMES = [
  ["batch", "batch_size", "b", "N", 1],
  [2, 2, 2, "heads", "h", "num_heads"],
  ["past_length", "past_sequence_length", "n", "s", "seq", "kv", "T", "total"],
  [8, 8, 8, "d", "head_dim"],
] as const;

const optimum = byHead((layer, kind) => `past_key_values.${layer}.${kind}`);
const signal = new AbortController().signal;

/** Numbers from 0 to below the limit, the same in each run of the test. */
function chance(): (limit: number) => number {
  let state = 12021;
  return (limit) => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 8) % limit;
}

function shuffled(below: (limit: number) => number): number[] {
  const order = [0, 1, 2, 3];
  for (let at = 3; at > 0; at--) {
    const other = below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

function layoutBy(below: (limit: number) => number): (kind: string) => KeyLayout {
  const keys = shuffled(below);
  const orders: Record<string, number[]> = { key: keys, value: below(2) === 0 ? keys : shuffled(below) };
  const names = NAMES.map((choices) => choices[below(choices.length)]!);
  return (kind) => {
    const order = orders[kind]!;
    return {
      ...optimum(kind),
      dims: order.map((axis) => names[axis]!),
      empty: order.map((axis) => SIZES[axis]!),
      axis: order.indexOf(2),
      store: (b, x) => b.transposed(x, ...order),
      load: (b, x) => b.transposed(x, ...order.map((_, axis) => order.indexOf(axis))),
    };
  };
}

const PROMPT = [3, 14, 15, 9, 26, 5, 35];
const WALK = [PROMPT, [...PROMPT, 8], [...PROMPT, 7], PROMPT.slice(0, 3), [...PROMPT.slice(0, 3), 30, 31], [
  ...PROMPT,
  8,
  1,
  2,
]];

/** The runner that a load opens, or the sentence that it refuses the model with. */
async function open({ cached, plain }: CacheModel, folder: string): Promise<LmRunner | string> {
  await Deno.writeFile(join(folder, "model.onnx"), cached);
  await Deno.writeFile(join(folder, "plain.onnx"), plain);
  const model = await readModelFolder(join(FIXTURES, "tiny-models", MODEL), { id: MODEL, device: "cpu" });
  const file = { ...model.file, path: "model.onnx", external: [] };
  const given = {
    ...model,
    folder,
    onnxPath: join(folder, "model.onnx"),
    config: CONFIG,
    contextLength: 64,
    file,
  };
  try {
    return await openRunner(given, "cpu", specFor(MODEL, FIRST_LOAD), () => {});
  } catch (error) {
    assert.equal(faultOf(error)?.code, "model_failed", String(error));
    return (error as Error).message;
  }
}

Deno.test("random layouts of a cache: the right logits, or a sentence", async () => {
  const below = chance();
  let good = 0, refused = 0;
  for (let at = 0; at < CASES; at++) {
    const layout = layoutBy(below);
    const shown = `${layout("key").dims.join(" × ")}; ${layout("value").dims.join(" × ")}`;
    await withFolder(async (folder) => {
      const runner = await open(cacheModel([0, 1].map(() => attending(layout))), folder);
      if (typeof runner === "string") {
        assert.match(runner, /"(past_key_values|present)\.0\.(key|value)"|sizes of its tensors/, shown);
        return void refused++;
      }
      const plain = await openAddon(join(folder, "plain.onnx"), CONFIG);
      const source = new LogitsSource(runner, 1e6, 1);
      for (const ids of WALK) {
        const { logits } = await finish(source.after(ids, signal));
        assert.ok(
          largestDifference(logits, (await plain.run(plain.empty(), ids)).logits) < 1e-4,
          `${shown} after ${ids}`,
        );
      }
      source.clear();
      await runner.dispose();
      await plain.dispose();
      good++;
    });
  }
  assert.ok(good > 10 && refused > 10, `${good} run, ${refused} are refused`);
});
