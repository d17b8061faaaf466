// Every method without gradients against PyTorch's values: six tiny models of five layouts.
import { TINY, withTaps } from "../references.ts";
import { checkAttention, checkLens, checkOcclusion, checkSplit } from "./checks.ts";

for (const model of TINY) {
  Deno.test(`${model}: attention, logit lens, occlusion and direct logit attribution are the references'`, async (t) => {
    await withTaps(model, async (session) => {
      await t.step("attention", () => checkAttention(model, session));
      await t.step("logit lens", () => checkLens(model, session));
      await t.step("occlusion", () => checkOcclusion(model, session));
      await t.step("direct logit attribution", () => checkSplit(model, session));
    });
  });
}
