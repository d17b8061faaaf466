// How the mask composes with penalties, temperature and the nucleus, held against numbers worked out by hand.
import assert from "node:assert/strict";
import { NEUTRAL_PARAMS } from "../../lib/sampling/params.ts";
import { runPipeline } from "../../lib/sampling/pipeline.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}`);

/** exp(logit): 8, 4, 2, 1, 1. The prompt has token 1, the completion token 2. */
const LOGITS = Float64Array.from([8, 4, 2, 1, 1], Math.log);
const PARAMS = {
  ...NEUTRAL_PARAMS,
  repetition_penalty: 2,
  presence_penalty: Math.log(Math.SQRT2),
  frequency_penalty: Math.log(Math.SQRT2),
  temperature: 0.5,
  top_p: 0.7,
};
const ALL_BUT_0 = Int32Array.of(0b11110);

Deno.test("the mask acts on what penalties and temperature left, and the nucleus on what the mask left", () => {
  const { stages, base, final } = runPipeline(LOGITS, [1, 2], 1, PARAMS, { mask: ALL_BUT_0 });
  const names = ["repetition", "presence", "frequency", "temperature", "constraint", "top_p"];
  assert.deepEqual(stages.map(({ name }) => name), names);
  // repetition: ln 4 / 2 = ln 2, ln 2 / 2 = ln √2; presence and frequency: each less ln √2, so ln 1 and ln √½;
  // temperature ½ squares: 64, 1, ½, 1, 1 of 67.5.
  for (const [id, weight] of [64, 1, 0.5, 1, 1].entries()) near(base.probs[id]!, weight / 67.5);
  const mask = stages[4]!;
  near(mask.removedMass, 64 / 67.5);
  for (const [id, weight] of [0, 1, 0.5, 1, 1].entries()) near(mask.after.probs[id]!, weight / 3.5);
  near((mask.before.logZ - mask.after.logZ) / Math.LN2, Math.log2(67.5 / 3.5)); // KL in bits
  // The nucleus takes 2/7 and 4/7, ties by id; 6/7 is above 0.7.
  for (const [id, p] of [0, 0.5, 0, 0.5, 0].entries()) near(final.probs[id]!, p);
});

Deno.test("in another order of stages the nucleus leaves the mask nothing, which is said", () => {
  const stages = ["temperature", "top_p", "constraint"] as const;
  assert.throws(
    () => runPipeline(LOGITS, [1, 2], 1, { ...PARAMS, stages }, { mask: ALL_BUT_0 }),
    /allows none of the 1 tokens that are left here/,
  );
});

Deno.test("greedy takes the best of what the mask allows, after the penalties", () => {
  const { final } = runPipeline(LOGITS, [1, 2], 1, { ...PARAMS, greedy: true }, {
    mask: Int32Array.of(0b00110),
  });
  assert.deepEqual([...final.probs], [0, 1, 0, 0, 0]);
});
