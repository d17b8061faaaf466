// The bundled model, thirty layers of 4-bit weights with a head of two halves, against PyTorch's values.
import assert from "node:assert/strict";
import { compareMethods } from "../../../lib/attribution/faithfulness/compare.ts";
import {
  attentionRollout,
  attentionRows,
  attentionScores,
} from "../../../lib/attribution/methods/attention.ts";
import { measureWithout, occlusion } from "../../../lib/attribution/methods/occlusion.ts";
import { attributionCases, logprobOf, withTaps } from "../references.ts";
import { checkAttention, checkLens, checkOcclusion, checkSplit } from "./checks.ts";

const MODEL = "smollm2";

Deno.test("the bundled model: every method without gradients is the reference's; rollout is found out", async (t) => {
  await withTaps(MODEL, async (session) => {
    await t.step("attention", () => checkAttention(MODEL, session));
    await t.step("logit lens", () => checkLens(MODEL, session));
    await t.step("direct logit attribution", () => checkSplit(MODEL, session));
    await t.step("occlusion of the short texts", () => checkOcclusion(MODEL, session, 15));
    await t.step("occlusion is more faithful than rollout, which rests on the first token", async () => {
      const { ids: context, targets: [{ id } = { id: 0 }] } = attributionCases(MODEL).find(({ name }) =>
        name === "code_fib"
      )!;
      const question = { context, target: logprobOf(id) };
      const scores = new Map([
        ["occlusion", await occlusion(session, question, "delete_token")],
        ["attention", attentionScores(await attentionRows(session, question))],
        ["rollout", await attentionRollout(session, question)],
      ]);
      const { methods } = await compareMethods(scores, measureWithout(session, context, { id }), {
        orders: 4,
      });
      const score = (name: string) => methods.find(({ method }) => method === name)!.score;
      assert.ok(score("occlusion") > score("rollout") + 1);
      const rollout = scores.get("rollout")!;
      assert.equal(rollout.indexOf(Math.max(...rollout)), 0);
    });
  });
});
