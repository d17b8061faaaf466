import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, distributionAfter, type Position } from "../../lib/decode/distribution.ts";
import { DistributionCache } from "../../lib/decode/distribution_cache.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { NEUTRAL_PARAMS } from "../../lib/sampling/params.ts";
import { fakeLanguage } from "../fake_language.ts";
import { fakeLogits } from "../fake_model.ts";
import { FAKE_INFO } from "../fakes.ts";
import { anyParams, anyPath } from "../sampling/settings.ts";
import { finish, runPreview, runStep, runVocabulary } from "./jobs.ts";

const never = new AbortController().signal;
const FRANCE = { prompt: "The capital of France is" };

/** The fake model, its logits remembered as the worker does. */
function remembering(budgetBytes?: number): LanguageModel & { forget(): void } {
  const known = new Map<string, Float32Array>();
  const fake = fakeLanguage(FAKE_INFO);
  return {
    ...fake,
    distributions: new DistributionCache(budgetBytes),
    logits: {
      ...fake.logits,
      // deno-lint-ignore require-yield -- one slice
      async *after(ids) {
        const key = ids.join();
        const logits = await Promise.resolve(known.get(key) ?? Float32Array.from(fakeLogits(ids)));
        known.set(key, logits);
        return { logits, computedTokens: 0, prefillMs: 0, decodeMs: 0 };
      },
    },
    forget: () => known.clear(),
  };
}

const after = (position: Position, model: LanguageModel) => finish(distributionAfter(position, model, never));
const BASE: Position = { ids: [1, 2, 3, 2], promptLength: 2, params: NEUTRAL_PARAMS, u: null };

Deno.test("a step draws from the very distribution that was shown, and a preview shows the step's next", async () => {
  const model = remembering();
  const shown = await runPreview(model, { ...FRANCE, params: { seed: 5 } });
  const step = await runStep(model, { ...FRANCE, params: { seed: 5 }, include: ["next"] });
  assert.equal(step.dist, shown.dist);
  assert.equal(step.appended_meta[0]!.dist, shown.dist);
  const { new_completion_ids: completion_ids } = step;
  const next = await runPreview(model, { ...FRANCE, completion_ids, params: { seed: 5 } });
  assert.equal(next.dist, step.next);
  const all = await runVocabulary(model, { ...FRANCE, params: { seed: 5 }, limit: 10 });
  assert.deepEqual(all.tokens, shown.dist.tokens);
});

Deno.test("what changes no distribution is no other one; everything else is", async () => {
  const model = remembering();
  const { run } = await after(BASE, model);
  const again = async (change: Partial<Position>) => (await after({ ...BASE, ...change }, model)).run === run;
  const { params } = BASE;
  assert.ok(await again({ u: 0.3 }));
  assert.ok(await again({ params: { ...params, seed: 4, stop_sequences: ["x"] } }));
  assert.ok(!await again({ params: { ...params, temperature: 0.5 } }));
  assert.ok(!await again({ params: { ...params, xtc_probability: 0.5 } }));
  assert.ok(!await again({ promptLength: 3 }));
  assert.ok(!await again({ ids: [1, 2, 3] }));
  model.forget();
  assert.ok(!await again({}), "other logits, even equal ones, are another run");
});

Deno.test("XTC's number counts where XTC is on", async () => {
  const model = remembering();
  const params = { ...NEUTRAL_PARAMS, xtc_probability: 0.5, xtc_threshold: 0.01 };
  const kept = new Set<number>();
  for (let seed = 0; seed < 8; seed++) {
    kept.add((await after({ ...BASE, params: { ...params, seed } }, model)).run.final.kept);
  }
  assert.equal(kept.size, 2, "some seeds act, others do not");
});

Deno.test("whatever was asked before, an answer is as from an empty cache", async () => {
  const positions = fc.array(
    fc.record({
      path: anyPath,
      params: anyParams,
      top_k: fc.integer({ min: 1, max: 5 }),
      stages: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(positions, async (asked) => {
      const model = remembering(60_000);
      for (const { path, params, top_k, stages } of [...asked, ...asked.toReversed()]) {
        const { history: ids, promptLength } = path;
        const position = { ids, promptLength, params, u: null };
        const shown = { top_k, include: stages ? ["stages" as const] : [] };
        const [cached, fresh] = [model, remembering()];
        assert.deepEqual(
          describe(await after(position, cached), shown, cached),
          describe(await after(position, fresh), shown, fresh),
        );
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("the cache keeps to its budget", async () => {
  const model = remembering(3 * 2 * 8 * 300); // three of the fake model's distributions
  const first = await after(BASE, model);
  for (let id = 0; id < 3; id++) await after({ ...BASE, ids: [...BASE.ids, id] }, model);
  assert.notEqual((await after(BASE, model)).run, first.run);
});
