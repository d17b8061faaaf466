import { strict as assert } from "node:assert";
import { draftModel } from "../../lib/attribution/draft_model.ts";
import { faultOf } from "../../lib/fault.ts";
import { inFolder } from "../onnx/onnx_edit.ts";
import { cacheModel, convolving, mergedModel } from "../runners/cache_models.ts";

for (
  const [name, model] of [
    ["past_conv.0", cacheModel([convolving])],
    ["use_cache_branch", mergedModel(true)],
  ] as const
) {
  Deno.test(`attribution of a graph with the input ${name} is refused by name`, async () => {
    await inFolder(async (folder) => {
      await Deno.writeFile(`${folder}/model.onnx`, model.cached);
      await assert.rejects(draftModel(`${folder}/model.onnx`, {}, "tap"), (error: Error) => {
        assert.deepEqual(faultOf(error), { code: "unsupported", field: "method" }); // no method can
        assert.match(error.message, new RegExp(`"${name.replace(".", "\\.")}"`));
        return true;
      });
    });
  });
}
