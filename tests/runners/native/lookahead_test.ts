// Whether a lookahead is one run or one a token.
import { strict as assert } from "node:assert";
import { inFolder } from "../../onnx/onnx_edit.ts";
import { openLibrary, openNative } from "../native_fixture.ts";
import { plainForm, withInfinities } from "../other_forms.ts";

const CONFIG = { num_attention_heads: 2, hidden_size: 16, max_position_embeddings: 64 };

for (
  const [name, make] of [["any logits", plainForm], ["tokens that can never come", withInfinities]] as const
) {
  Deno.test(`${name}: a graph that was seen to take a batch takes one for each lookahead`, () =>
    inFolder(async (folder) => {
      await Deno.writeFile(`${folder}/model.onnx`, make());
      const library = openLibrary();
      let runs = 0;
      const Run: typeof library.call.Run = (...given) => {
        runs++;
        return library.call.Run(...given);
      };
      const counted = Object.create(library, { call: { value: { ...library.call, Run } } });
      const runner = await openNative(`${folder}/model.onnx`, CONFIG, counted);
      try {
        const { kv } = await runner.run(runner.empty(), [3, 9]);
        const first = await runner.lookahead(kv, [1, 2, 4]);
        runs = 0;
        const second = await runner.lookahead(kv, [1, 2, 4]);
        assert.equal(runs, 1);
        assert.deepEqual(
          second.map((row) => row.indexOf(-Infinity)),
          first.map((row) => row.indexOf(-Infinity)),
        );
      } finally {
        await runner.dispose();
      }
    }));
}
