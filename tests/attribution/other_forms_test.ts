// Graphs whose logits or inputs have another form than most: what is added to them reads the weights of their own file.
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { draftModel, feedContext } from "../../lib/attribution/draft_model.ts";
import { faultOf } from "../../lib/fault.ts";
import { openNativeGraph } from "../../lib/ort/native_graph.ts";
import { withFolder } from "../hub/support.ts";
import { largestDifference } from "../runners/goldens.ts";
import { openLibrary } from "../runners/native_fixture.ts";
import { oneTokenAlone, withEdit } from "../runners/odd_models.ts";
import { OTHER_FORMS, plainForm } from "../runners/other_forms.ts";

const CONFIG = { num_attention_heads: 2, hidden_size: 16 };
/** What is not extended: a graph that says too little, and one that takes no text at once. */
const REFUSED = ["logits whose shape is not said", "one token a run"];

/** The same graph, its weights as bytes: those alone are referred to. */
function withBytes(model: Uint8Array): Uint8Array {
  return withEdit(model, ({ initializer }) => {
    for (const tensor of initializer) {
      if (tensor.floatData.length === 0) continue;
      tensor.rawData = new Uint8Array(Float32Array.from(tensor.floatData).buffer);
      tensor.floatData = [];
    }
  });
}

/** The logits after a text by the extended graph of `model`. */
async function extendedLogits(model: Uint8Array, folder: string): Promise<Float32Array> {
  const path = join(folder, "model.onnx");
  await Deno.writeFile(path, withBytes(model));
  const { draft, layout } = await draftModel(path, CONFIG, "test");
  const graph = await openNativeGraph(openLibrary(), await draft.source());
  const { logits } = await graph.run(feedContext(graph.inputs, layout, [3, 9, 27]), ["logits"]);
  await graph.dispose();
  assert.equal(logits?.type, "float32");
  return Float32Array.from(logits.data as Float32Array);
}

for (const [name, make] of Object.entries(OTHER_FORMS).filter(([name]) => !REFUSED.includes(name))) {
  Deno.test(`attribution, ${name}: the weights are those of the file`, () =>
    withFolder(async (folder) => {
      const wanted = await extendedLogits(plainForm(), folder);
      const most = name.startsWith("(") ? 0.02 : 1e-4;
      assert.ok(largestDifference(await extendedLogits(make(), folder), wanted) < most);
    }));
}

Deno.test("attribution of a graph that takes one token a run is refused by name", () =>
  withFolder(async (folder) => {
    const path = join(folder, "model.onnx");
    await Deno.writeFile(path, oneTokenAlone());
    await assert.rejects(draftModel(path, CONFIG, "test"), (error: Error) => {
      assert.deepEqual(faultOf(error), { code: "unsupported", field: "method" });
      assert.match(error.message, /takes one token a run/);
      return true;
    });
  }));
