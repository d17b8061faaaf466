// Many tokens followed at once: each run compares a few of them with the whole vocabulary in every layer, so that what
// a request names does not decide how much memory a run takes.
import assert from "node:assert/strict";
import { LENS_IDS, logitLens } from "../../../lib/attribution/methods/logit_lens.ts";
import { openTaps, type TapSession } from "../../../lib/attribution/taps/tap_session.ts";
import { inFolder } from "../../onnx/onnx_edit.ts";
import { openLibrary } from "../../runners/native_fixture.ts";
import { logprobOf } from "../references.ts";
import { smallModel } from "../small_models.ts";

const CONTEXT = [3, 11, 5, 30, 8, 22];
const FOLLOWED = Array.from({ length: 3 * LENS_IDS }, (_, i) => (i * 7) % 31);

Deno.test("tokens that are followed come a few a run, in their order, each as it is alone", async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/model.onnx`, smallModel({ norm: "rms" }));
    const session = await openTaps(openLibrary(), `${folder}/model.onnx`, {});
    try {
      const asked: number[] = [];
      const watched: TapSession = {
        ...session,
        run: (request, ...more) => {
          asked.push(request.scored!.length);
          return session.run(request, ...more);
        },
      };
      const question = { context: CONTEXT, target: logprobOf(9) };
      const all = await logitLens(watched, question, { rivals: FOLLOWED });
      assert.deepEqual(all[0]!.tokens.map(({ id }) => id), [9, ...FOLLOWED]);
      assert.ok(asked.every((count) => count <= LENS_IDS), `${asked}`);
      for (const at of [0, LENS_IDS - 2, LENS_IDS - 1, 2 * LENS_IDS, FOLLOWED.length - 1]) {
        const alone = await logitLens(session, question, { rivals: [FOLLOWED[at]!] });
        assert.deepEqual(all.map(({ tokens }) => tokens[at + 1]), alone.map(({ tokens }) => tokens[1]));
        assert.deepEqual(all.map(({ top }) => top), alone.map(({ top }) => top));
      }
    } finally {
      await session.close();
    }
  });
});
