// A held against B: what is measured is how far A is ahead, not A alone.
import assert from "node:assert/strict";
import { explain } from "../../../lib/attribution/explain/explain.ts";
import { targetValues, VALUE_OUTPUTS } from "../../../lib/attribution/methods/target_value.ts";
import { taskOf } from "../../../bench/attribution.ts";
import { assertClose, withTaps } from "../references.ts";

Deno.test("the score of a contrast is of the lead over the rival, and says so", async () => {
  await withTaps("tiny-llama-gqa", async (taps) => {
    const sessions = {
      taps: () => Promise.resolve(taps),
      gradients: () => Promise.reject(new Error("unused")),
    };
    const steering = { signal: new AbortController().signal, progress: () => {} };
    const [context, target] = [[3, 40, 17, 60, 9], { quantity: "logit", ids: [21], rival: 33 }] as const;
    const task = taskOf(context, 21, { method: "occlusion", target, faithfulness: true });
    const { faithfulness } = await explain(task, sessions, steering);
    const lead = async (ids: readonly number[]) =>
      targetValues(await taps.run({ ids, scored: [21, 33] }, VALUE_OUTPUTS), target)[0]!;
    const { base, counts, most_first } = faithfulness!.curves;
    assertClose([base], [await lead(context)], { relative: 1e-5 }, "nothing removed");
    assert.equal(counts[0], 1);
    const { tokens } = await explain(task, sessions, steering);
    const first = tokens!.scores.indexOf(Math.max(...tokens!.scores));
    const without = await lead(context.filter((_, at) => at !== first));
    assertClose([most_first[0]!], [without], { relative: 1e-4 }, "the strongest token removed");
    assert.match(faithfulness!.explanation, /the target's lead over its rival/);
  });
});
