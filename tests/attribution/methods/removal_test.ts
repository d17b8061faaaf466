// Removing a part does what it would do if its weights were zero.
import assert from "node:assert/strict";
import type { GraphProto } from "onnx-buf";
import { type Part, removeParts, splitLogit } from "../../../lib/attribution/methods/direct_logit.ts";
import { feedContext } from "../../../lib/attribution/draft_model.ts";
import { openNativeGraph } from "../../../lib/ort/native_graph.ts";
import { edited, inFolder, tinyPath } from "../../onnx/onnx_edit.ts";
import { openLibrary } from "../../runners/native_fixture.ts";
import { assertClose, type Model, splitCases, withTaps } from "../references.ts";

const CLOSE = { relative: 0, absolute: 1e-4 };

/** Which weights make a part's write zero: an initializer, and which of its rows (all by default). */
interface Silence {
  readonly model: Model;
  readonly part: Part;
  readonly weight: RegExp;
  readonly rows?: readonly [number, number];
}

const head = (layer: number, index: number): Part => ({ kind: "head", layer, head: index });
const mlp = (layer: number): Part => ({ kind: "mlp", layer, head: null });

const SILENCES: readonly Silence[] = [
  { model: "tiny-llama-gqa", part: head(0, 2), weight: /layers\.0\.attn\.o_proj/, rows: [32, 48] },
  { model: "tiny-llama-gqa", part: mlp(0), weight: /layers\.0\.mlp\.down_proj/ },
  { model: "tiny-gpt2", part: head(0, 3), weight: /h\.0\.attn\.c_proj\.weight/, rows: [48, 64] },
  {
    model: "tiny-gpt2",
    part: { kind: "attention_bias", layer: 0, head: null },
    weight: /h\.0\.attn\.c_proj\.bias/,
  },
  { model: "tiny-llama-gqa", part: head(1, 0), weight: /layers\.1\.attn\.o_proj/, rows: [0, 16] },
];

for (const silence of SILENCES) {
  const { model, part } = silence;
  Deno.test(`${model}: ${JSON.stringify(part)} removed is its weights at zero`, async () => {
    const { ids } = splitCases(model)[1]!;
    await withTaps(model, async (session) => {
      const expected = await silenced(silence, ids);
      const { before, after } = await removeParts(session, ids, [part], { everywhere: true });
      assertClose([...after], expected, CLOSE, "everywhere");
      assert.ok(difference(before, after) > 0.1, "it matters");
      const last = await removeParts(session, ids, [part]);
      assert.deepEqual(last.before, before);
      // Nothing reads what the last layer writes at other positions; everything before it is read.
      if (part.layer === 1) assertClose([...last.after], expected, CLOSE, "last position");
      else assert.ok(difference(last.after, after) > 1e-3);
      const one = await removeParts(session, ids.slice(0, 1), [part]);
      assertClose([...one.after], await silenced(silence, ids.slice(0, 1)), CLOSE, "one token");
    });
  });
}

Deno.test("the prediction takes the parts' shares off and leaves the rest", async () => {
  for (const model of ["tiny-qwen3", "tiny-gpt2"] as const) {
    const { ids: context, targets: [{ id } = { id: 0 }] } = splitCases(model)[0]!;
    await withTaps(model, async (session) => {
      const split = await splitLogit(session, {
        context,
        target: { quantity: "logit", ids: [id], rival: null },
      });
      const removed = [split.parts[0]!, split.parts[3]!, split.parts.at(-1)!];
      const { before, predicted } = await removeParts(session, context, removed);
      const gone = removed.reduce((sum, { value }) => sum + value, 0);
      assertClose([predicted[id]!], [before[id]! - gone], CLOSE, model);
      const nothing = await removeParts(session, context, []);
      assertClose([...nothing.predicted], [...nothing.before], CLOSE, "nothing removed");
      assert.deepEqual(nothing.after, nothing.before);
    });
  }
});

Deno.test("the last MLP at the last position: only the final scale is not what the split holds", async () => {
  const { ids } = splitCases("tiny-llama-decomposed")[0]!;
  await withTaps("tiny-llama-decomposed", async (session) => {
    const { predicted, after } = await removeParts(session, ids, [mlp(1)]);
    const scale = after[0]! / predicted[0]!;
    assertClose([...after], [...predicted].map((logit) => logit * scale), CLOSE, "one scale for all logits");
    assert.ok(Math.abs(scale - 1) > 0.01);
  });
});

Deno.test("a part that is not there is refused", async () => {
  await withTaps("tiny-llama-gqa", async (session) => {
    for (const part of [head(0, 4), mlp(2), { kind: "attention_bias", layer: 0, head: null } as const]) {
      await assert.rejects(() => removeParts(session, [1, 2], [part]), /The model has no part/);
    }
  });
});

/** The plain model's last logits with the part's weights set to zero. */
async function silenced({ model, weight, rows }: Silence, ids: readonly number[]): Promise<number[]> {
  let logits: number[] = [];
  const clear = (graph: GraphProto) => {
    const [tensor, ...others] = graph.initializer.filter(({ name }) => weight.test(name));
    assert.ok(tensor !== undefined && others.length === 0, `${weight} is one weight`);
    const width = Number(tensor.dims[1] ?? 1n) * 4; // bytes of a row
    const [from, to] = rows ?? [0, Number(tensor.dims[0])];
    tensor.rawData = tensor.rawData.slice();
    tensor.rawData.fill(0, from * width, to * width);
  };
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/model.onnx`, edited(tinyPath(model), clear));
    const graph = await openNativeGraph(openLibrary(), { path: `${folder}/model.onnx` });
    await withTaps(model, async ({ graph: { layout } }) => {
      const results = await graph.run(feedContext(graph.inputs, layout, ids, { logitsToKeep: 1 }), [
        "logits",
      ]);
      logits = [...(results["logits"]!.data as Float32Array).slice(-layout.vocabSize)];
    });
    await graph.dispose();
  });
  return logits;
}

function difference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
