import assert from "node:assert/strict";
import fc from "fast-check";
import { describeRun, describeTokens } from "../../lib/decode/inspect.ts";
import { previewResult } from "../../lib/api/endpoints/preview.ts";
import { FAKE_VOCAB_SIZE, fakeLogits } from "../fake_model.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { NEUTRAL_PARAMS } from "../../lib/sampling/params.ts";
import { runPipeline } from "../../lib/sampling/pipeline.ts";
import { anyLogits, anyParams, anyPath } from "../sampling/settings.ts";
import { runPreview } from "./jobs.ts";

const model = fakeLanguage(FAKE_INFO);
const FRANCE = { prompt: "The capital of France is" };
const near = (a: number, b: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} and ${b}`);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

Deno.test("whatever the logits and settings: masses are 1, stages add up, ties go by id", () => {
  fc.assert(
    fc.property(
      anyLogits,
      anyPath,
      anyParams,
      fc.integer({ min: 1, max: 60 }),
      (logits, path, params, top_k) => {
        const run = runPipeline(logits, path.history, path.promptLength, params);
        const dist = describeRun(run, { top_k, include: ["stages"] }, model);
        assert.equal(dist.tokens.length, Math.min(top_k, logits.length));
        for (const kind of ["p_base", "p_final", "p_raw"] as const) {
          near(total(dist.tokens.map((token) => token[kind])) + dist[`other_${kind}`], 1);
        }
        let left = logits.filter((logit) => logit > -Infinity).length;
        for (const stage of dist.stages) {
          assert.equal(stage.kept, left - stage.removed);
          assert.ok(stage.removed > 0 || stage.removed_mass === 0);
          left = stage.kept;
        }
        assert.equal(dist.kept_token_count, left);
        near(dist.effective_choices, 2 ** dist.entropy_final_bits);
        for (const [rank, token] of dist.tokens.entries()) {
          const next = dist.tokens[rank + 1];
          assert.equal(token.rank, rank);
          assert.ok(next === undefined || token.p_base >= next.p_base);
          if (token.logit === null) {
            assert.deepEqual([token.kept, token.p_raw, token.removed_by], [
              false,
              0,
              null,
            ]);
          } else assert.equal(token.kept, token.removed_by === null);
          assert.equal(token.p_final > 0 && !token.kept, false);
          assert.equal(token.stages.length, dist.stages.length);
          const removed = dist.stages.findIndex(({ name }) => name === token.removed_by);
          token.stages.forEach((p, at) =>
            assert.equal(p === null, token.logit === null || (removed >= 0 && at >= removed))
          );
          assert.equal(token.restore === null || !token.kept, true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("equal logits stand in the order of their ids", () => {
  const logits = new Float64Array(20).fill(1);
  const dist = describeRun(runPipeline(logits, [1], 1, NEUTRAL_PARAMS), {
    top_k: 5,
    include: [],
  }, model);
  assert.deepEqual(dist.tokens.map(({ id }) => id), [0, 1, 2, 3, 4]);
});

Deno.test("where all shown tokens are removed, kept_top shows the best of those left", () => {
  const params = { ...NEUTRAL_PARAMS, xtc_probability: 1, xtc_threshold: 0.1 };
  const logits = Float64Array.from([5, 4.9, 4.8, 4.7, 0, -1]);
  const run = runPipeline(logits, [0], 1, params);
  const dist = describeRun(run, { top_k: 3, include: [] }, model);
  assert.deepEqual(
    dist.tokens.map(({ kept, removed_by }) => [kept, removed_by]),
    new Array(3).fill([false, "xtc"]),
  );
  assert.deepEqual(dist.kept_top.map(({ id }) => id), [3, 4, 5]);
  near(total(dist.kept_top.map(({ p_final }) => p_final)), 1);
  const all = describeRun(run, { top_k: 4, include: [] }, model);
  assert.deepEqual(all.kept_top, []);
});

Deno.test("stages and ways back come only when they are asked for, and for a limited number of tokens", async () => {
  const params = { temperature: 0.7, top_p: 0.5 };
  const plain = await runPreview(model, { ...FRANCE, params, top_k: 40 });
  const rich = await runPreview(model, { ...FRANCE, params, top_k: 40, include: ["stages"] });
  for (const [at, token] of rich.dist.tokens.entries()) {
    assert.deepEqual(plain.dist.tokens[at], { ...token, stages: [], restore: null });
    assert.equal(token.stages.length, rich.dist.stages.length);
    assert.equal(token.restore !== null, !token.kept);
  }
  const run = runPipeline(fakeLogits([1]), [1], 1, { ...NEUTRAL_PARAMS, top_p: 0.1 });
  const ids = Array.from({ length: FAKE_VOCAB_SIZE }, (_, id) => id);
  const all = describeTokens(run, ids, ids, true, model);
  assert.equal(all.slice(256).filter(({ restore }) => restore !== null).length, 0);
  assert.ok(all.slice(0, 256).filter(({ restore }) => restore !== null).length > 200);
});

Deno.test("preview answers as documented, the context in tokens, with scores where asked", async () => {
  const body = { ...FRANCE, completion_ids: [256, 301 - 2], include: ["prompt_scores", "stages"], top_k: 3 };
  const result = previewResult.strict().parse(await runPreview(model, body));
  assert.equal(result.prompt_tokens.map(({ text }) => text).join(""), FRANCE.prompt);
  assert.deepEqual(result.completion_tokens.map(({ id, special }) => [id, special]), [[256, false], [
    299,
    true,
  ]]);
  assert.equal(result.context_token_count, 7);
  assert.deepEqual(result.prompt_tokens[0]!.p, null);
  const [paris] = result.completion_tokens;
  const before = await runPreview(model, {
    ...FRANCE,
    params: { temperature: 1, top_p: 1, repetition_penalty: 1 },
  });
  near(paris!.p!, before.dist.tokens[0]!.p_raw, 1e-6);
  near(paris!.entropy_bits!, before.dist.entropy_bits!, 1e-6);
  near(paris!.surprisal_bits!, -Math.log2(paris!.p!));
  assert.equal(paris!.rank, 0);
  assert.equal("p" in (await runPreview(model, FRANCE)).prompt_tokens[0]!, false);
});

Deno.test("greedy and temperature 0 are one-hot on the argmax, others removed by greedy", async () => {
  for (const params of [{ greedy: true }, { temperature: 0 }, { temperature: -1 }]) {
    const { dist } = await runPreview(model, { ...FRANCE, params, top_k: 3 });
    assert.deepEqual(dist.tokens.map(({ p_final, removed_by }) => [p_final, removed_by]), [
      [1, null],
      [0, "greedy"],
      [0, "greedy"],
    ]);
    assert.equal(dist.kept_token_count, 1);
    near(dist.entropy_final_bits, 0);
  }
});

Deno.test("a flat distribution keeps more than 1,000 tokens through top-p 0.9", () => {
  const params = { ...NEUTRAL_PARAMS, top_p: 0.9 };
  const run = runPipeline(new Float64Array(1500).fill(0), [0], 1, params);
  assert.ok(describeRun(run, { top_k: 10, include: [] }, model).kept_token_count > 1000);
});

Deno.test("more tokens than the vocabulary has are all, with a warning", async () => {
  const { dist, warnings } = await runPreview(model, { ...FRANCE, top_k: 1000 });
  assert.deepEqual([dist.top_k, dist.tokens.length], [FAKE_VOCAB_SIZE, FAKE_VOCAB_SIZE]);
  assert.match(warnings.join(" "), /all are listed/);
});
