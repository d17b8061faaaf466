// Distributions of which an engine lists the most probable tokens: what is decided equals the whole vocabulary's, and
// nothing is made up.
import assert from "node:assert/strict";
import fc from "fast-check";
import { topIds } from "../../lib/sampling/order.ts";
import { NEUTRAL_PARAMS, type Params } from "../../lib/sampling/params.ts";
import { type PipelineRun, runPipeline } from "../../lib/sampling/pipeline.ts";
import { orderShown } from "../../lib/sampling/ledger.ts";
import { logprobsUnder } from "../../lib/sampling/score.ts";

const SIZE = 60;
const HISTORY = [3, 5, 5];

/** Logits of a vocabulary, all different, and the log-probabilities of its `count` best. */
function both(seed: readonly number[], count: number) {
  const logits = Float64Array.from(seed, (value, id) => value * 12 - 6 + id * 1e-6);
  const of = logprobsUnder(logits);
  const listed = new Float64Array(SIZE).fill(-Infinity);
  for (const id of topIds(logits, count)) listed[id] = of(id);
  return { logits, listed };
}

const run = (logits: Float64Array, params: Partial<Params>, listed: number | null): PipelineRun =>
  runPipeline(logits, HISTORY, 1, { ...NEUTRAL_PARAMS, ...params }, {
    engine: listed === null ? null : { listed },
  });

const seeds = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: SIZE, maxLength: SIZE });

function near(actual: Float64Array, expected: Float64Array): void {
  actual.forEach((p, id) => assert.ok(Math.abs(p - expected[id]!) < 1e-9, `${id}: ${p}, ${expected[id]}`));
}

const SETTINGS: readonly Partial<Params>[] = [
  { top_k: 4 },
  { top_p: 0.6 },
  { top_p: 0.6, top_p_rule: "at_least" },
  { min_p: 0.4 },
  { epsilon_cutoff: 0.05 },
  { mirostat_tau: 1.5 },
  { greedy: true },
  { top_k: 4, typical_p: 0.7 },
  { top_k: 5, temperature: 0.6, stages: ["top_k", "temperature"] },
  { top_p: 0.5, temperature: 1.5, presence_penalty: 0.5, stages: ["top_p", "presence", "temperature"] },
];

Deno.test("where the listed tokens decide, the result is that of the whole vocabulary", () => {
  let decided = 0;
  fc.assert(
    fc.property(
      seeds,
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom(...SETTINGS),
      (seed, count, params) => {
        const { logits, listed } = both(seed, count);
        const part = run(listed, params, count);
        if (part.off.length > 0 || part.stages.some(({ name }) => name === "listed")) return;
        decided++;
        const whole = run(logits, params, null);
        near(part.final.probs, whole.final.probs);
        if (part.base.beyond !== undefined) near(part.base.probs, knownOf(whole, part));
        part.stages.forEach((stage, at) => {
          const other = whole.stages[at]!;
          assert.deepEqual([stage.name, stage.kept, stage.removed], [other.name, other.kept, other.removed]);
          assert.ok(Math.abs(stage.removedMass - other.removedMass) < 1e-9);
        });
      },
    ),
    { numRuns: 400 },
  );
  assert.ok(decided > 100, `${decided} of 400 decided`);
});

/** p_base of the whole vocabulary, where the part knows it. */
function knownOf(whole: PipelineRun, part: PipelineRun): Float64Array {
  return whole.base.probs.map((p, id) => part.raw.logits[id]! > -Infinity ? p : 0);
}

Deno.test("what is not listed is one mass with a bound that holds, and cannot be drawn", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 1, max: SIZE - 1 }), (seed, count) => {
    const { logits, listed } = both(seed, count);
    const [part, whole] = [run(listed, {}, count), run(logits, {}, null)];
    const { beyond } = part.raw;
    const others = whole.raw.probs.filter((_p, id) => listed[id] === -Infinity);
    assert.equal(beyond!.count, SIZE - count);
    assert.ok(Math.abs(beyond!.mass - others.reduce((sum, p) => sum + p, 0)) < 1e-9);
    assert.ok(others.every((p) => p <= beyond!.most + 1e-12));
    assert.deepEqual(part.stages.map(({ name, removed }) => [name, removed]), [["listed", SIZE - count]]);
    assert.ok(Number.isNaN(part.raw.entropyBits));
    assert.equal(orderShown(part, SIZE).length, count);
    assert.ok(Math.abs(part.final.probs.reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
    const shares = part.final.probs.map((p) => p * (1 - beyond!.mass));
    near(shares, whole.raw.probs.map((p, id) => listed[id]! > -Infinity ? p : 0));
  }));
});

Deno.test("a stage that the listed tokens cannot decide is off and says why", () => {
  const { listed } = both(Array.from({ length: SIZE }, (_, id) => (id * 7 % SIZE) / SIZE / 8), 10);
  const offOf = (params: Partial<Params>) =>
    run(listed, params, 10).off.map(({ name, reason }) => `${name}: ${reason}`);
  for (const name of ["top_k", "min_p", "top_p", "epsilon_cutoff", "mirostat_tau"] as const) {
    const loose = { top_k: 11, min_p: 0.01, top_p: 0.9, epsilon_cutoff: 1e-4, mirostat_tau: 10 }[name];
    const [reason, ...more] = offOf({ [name]: loose });
    assert.match(reason!, /tokens beyond the 10 that the engine lists/);
    assert.equal(more.length, 0);
  }
  for (
    const params of [{ typical_p: 0.5 }, { eta_cutoff: 0.01 }, { top_n_sigma: 1 }, { dynatemp_range: 0.5 }, {
      top_h: 0.5,
    }]
  ) {
    assert.match(offOf(params)[0]!, /measures the whole distribution, and the engine lists 10 of 60/);
    // Also where temperature had the rest removed before: that was no wish of the user.
    assert.match(offOf({ ...params, temperature: 0.5 }).at(-1)!, /lists 10 of 60/);
  }
  assert.match(offOf({ repetition_penalty: 1.2 })[0]!, /repetition: It divides logits/);
  assert.match(
    runPipeline(listed.map((value) => Math.max(value, -20)), HISTORY, 1, {
      ...NEUTRAL_PARAMS,
      repetition_penalty: 1.2,
    }, {
      engine: { listed: null },
    }).off[0]!.reason,
    /log-probabilities only/,
  );
});

Deno.test("temperature and penalties act on the listed tokens, the rest being removed before in sight", () => {
  const { logits, listed } = both(Array.from({ length: SIZE }, (_, id) => (id * 7 % SIZE) / SIZE), 10);
  const part = run(listed, { temperature: 0.5, top_p: 0.9, presence_penalty: 1 }, 10);
  assert.deepEqual(part.stages.map(({ name }) => name), ["listed", "presence", "temperature", "top_p"]);
  const cut = run(logits, {
    ...{ temperature: 0.5, top_p: 0.9, presence_penalty: 1, top_k: 10 },
    stages: ["top_k", "presence", "temperature", "top_p"],
  }, null);
  near(part.final.probs, cut.final.probs);
  assert.equal(part.base.beyond, undefined);
});
