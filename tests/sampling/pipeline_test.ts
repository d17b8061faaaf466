import assert from "node:assert/strict";
import fc from "fast-check";
import { countOccurrences } from "../../lib/sampling/context.ts";
import type { Dist } from "../../lib/sampling/dist.ts";
import { faultOf } from "../../lib/fault.ts";
import {
  DEFAULT_ORDER,
  DEFAULT_PARAMS,
  NEUTRAL_PARAMS,
  type OrderedStage,
  type Params,
  presetOf,
  PRESETS,
} from "../../lib/sampling/params.ts";
import { type PipelineRun, planStages, runFrom, runPipeline } from "../../lib/sampling/pipeline.ts";
import { STAGES } from "../../lib/sampling/table.ts";
import { entropyBits } from "./plain.ts";
import { anyLogits, anyMaskBits, anyParams, anyPath, maskFor, type Path } from "./settings.ts";

const RUNS = { numRuns: 400 };

/** The run, or null where a constraint behind other filters has nothing left to allow. */
function runOrNothing(
  logits: Float64Array,
  path: Path,
  params: Params,
  mask: Int32Array | null,
): PipelineRun | null {
  try {
    return runPipeline(logits, path.history, path.promptLength, params, { mask });
  } catch (error) {
    assert.deepEqual(faultOf(error), { code: "invalid_request", field: "constraint" });
    return null;
  }
}

function forRuns(
  check: (run: PipelineRun, logits: Float64Array, path: Path, mask: Int32Array | null) => void,
): void {
  let ran = 0;
  fc.assert(
    fc.property(anyLogits, anyPath, anyParams, anyMaskBits, (logits, path, params, bits) => {
      const mask = maskFor(logits, bits);
      const run = runOrNothing(logits, path, params, mask);
      if (run === null) return;
      ran++;
      check(run, logits, path, mask);
    }),
    RUNS,
  );
  assert.ok(ran > RUNS.numRuns * 0.8, `only ${ran} runs`);
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const close = (a: number, b: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${what}: ${a} and ${b}`);
const left = (dist: Dist) => [...dist.logits.keys()].filter((id) => dist.logits[id]! > -Infinity);

Deno.test("every state is the softmax of its logits and sums to 1", () => {
  forRuns((run) => {
    for (const dist of [run.raw, run.base, ...run.stages.map(({ after }) => after)]) {
      close(sum(dist.probs), 1, 1e-9, "sum");
      assert.equal(dist.kept, left(dist).length);
      const max = Math.max(...dist.logits);
      const total = sum(dist.logits.map((logit) => Math.exp(logit - max)));
      close(dist.logZ, max + Math.log(total), 1e-9 * Math.max(1, Math.abs(max)), "logZ");
      dist.logits.forEach((logit, id) =>
        close(dist.probs[id]!, Math.exp(logit - max) / total, 1e-9, `p of ${id}`)
      );
    }
  });
});

Deno.test("filters only remove and scale the rest to 1", () => {
  forRuns((run) => {
    for (const { name, before, after } of run.stages) {
      if (STAGES[name].kind !== "filter") continue;
      const ids = left(after);
      assert.ok(ids.length > 0);
      const mass = sum(ids.map((id) => before.probs[id]!));
      for (const id of ids) {
        assert.equal(after.logits[id], before.logits[id]);
        if (mass > 1e-200) close(after.probs[id]!, before.probs[id]! / mass, 1e-12, name);
      }
    }
  });
});

Deno.test("penalties and bias change only the logits of the tokens they name", () => {
  forRuns((run) => {
    const { params, context } = run;
    const counted = countOccurrences(context, params.penalty_scope, params.penalty_last_n);
    const named: Partial<Record<string, ReadonlySet<number>>> = {
      logit_bias: new Set(Object.keys(params.logit_bias).map(Number)),
      repetition: new Set(counted.keys()),
      presence: new Set(counted.keys()),
      frequency: new Set(counted.keys()),
      dry: new Set(Array.from(context.history)),
    };
    for (const { name, before, after } of run.stages) {
      const ids = named[name];
      if (ids === undefined) continue;
      before.logits.forEach((logit, id) => {
        if (!ids.has(id)) assert.equal(after.logits[id], logit, `${name} changed ${id}`);
      });
      assert.equal(after.kept, before.kept);
    }
  });
});

Deno.test("the ledger of the stages adds up", () => {
  forRuns((run) => {
    const last = run.stages.at(-1);
    assert.equal(run.raw.kept - sum(run.stages.map(({ removed }) => removed)), run.final.kept);
    assert.equal(last?.after ?? run.raw, run.final);
    let before: { dist: Dist; entropy: number } = { dist: run.raw, entropy: run.raw.entropyBits };
    for (const stage of run.stages) {
      assert.equal(stage.before, before.dist);
      assert.equal(stage.before.entropyBits, before.entropy);
      assert.equal(stage.kept, left(stage.after).length);
      const gone = left(stage.before).filter((id) => stage.after.logits[id] === -Infinity);
      assert.equal(stage.removed, gone.length);
      close(stage.removedMass, sum(gone.map((id) => stage.before.probs[id]!)), 1e-9, "removed mass");
      close(stage.after.entropyBits, entropyBits(stage.after.probs), 1e-9, "entropy");
      before = { dist: stage.after, entropy: stage.after.entropyBits };
    }
    close(run.final.entropyBits, entropyBits(run.final.probs), 1e-9, "final entropy");
  });
});

Deno.test("a pipeline equals its stages one by one, in any order", () => {
  forRuns((run, _logits, _path, mask) => {
    let dist = run.raw;
    for (const { name } of run.stages) {
      const params = name === "greedy" ? { ...NEUTRAL_PARAMS, greedy: true } : {
        ...run.params,
        greedy: false,
        temperature: run.params.temperature || 1,
        stages: [name as OrderedStage],
      };
      const single = runFrom(dist, params, { ...run.context, mask: name === "constraint" ? mask : null });
      assert.deepEqual(single.stages.map((stage) => stage.name), [name]);
      dist = single.final;
    }
    assert.deepEqual(run.final.logits, dist.logits);
    assert.deepEqual(run.final.probs, dist.probs);
  });
});

Deno.test("p_base is what the value stages alone give", () => {
  forRuns((run, logits, path) => {
    const off = { ...NEUTRAL_PARAMS, top_p: 1 };
    const { params } = run;
    const order = (params.stages ?? DEFAULT_ORDER).filter((name) => STAGES[name].kind === "values");
    const values: Params = {
      ...off,
      logit_bias: params.logit_bias,
      repetition_penalty: params.repetition_penalty,
      presence_penalty: params.presence_penalty,
      frequency_penalty: params.frequency_penalty,
      penalty_scope: params.penalty_scope,
      penalty_last_n: params.penalty_last_n,
      dry_multiplier: params.dry_multiplier,
      dry_allowed_length: params.dry_allowed_length,
      dry_breakers: params.dry_breakers,
      temperature: params.temperature || 1,
      dynatemp_range: params.temperature > 0 ? params.dynatemp_range : 0,
      stages: order,
    };
    const alone = runPipeline(logits, path.history, path.promptLength, values).final;
    // Dynamic temperature of 0 leaves one token; p_base shows that too.
    assert.deepEqual(run.base.logits, alone.logits);
  });
});

Deno.test("equal logits are cut and chosen in order of id", () => {
  const cut = (settings: Partial<Params>) =>
    left(runPipeline(new Float64Array(8), [], 0, { ...NEUTRAL_PARAMS, ...settings }).final);
  assert.deepEqual(cut({ top_p: 0.5 }), [0, 1, 2, 3]);
  assert.deepEqual(cut({ top_p: 0.5, top_p_rule: "at_least" }), [4, 5, 6, 7]);
  assert.deepEqual(cut({ top_h: 0.5 }), [0, 1, 2, 3]);
  assert.deepEqual(cut({ xtc_probability: 1, xtc_threshold: 0.1 }), [7]);
  assert.deepEqual(cut({ greedy: true }), [0]);
  assert.deepEqual(cut({ temperature: 0 }), [0]);
  assert.deepEqual(cut({ top_k: 3 }), [0, 1, 2, 3, 4, 5, 6, 7]); // all equal the third
});

Deno.test("a flat distribution keeps more than 1,000 tokens through top-p 0.9", () => {
  const logits = Float32Array.from({ length: 50000 }, (_, id) => Math.sin(id) / 100);
  for (const rule of ["strict", "at_least"] as const) {
    const { final } = runPipeline(logits, [], 0, { ...NEUTRAL_PARAMS, top_p: 0.9, top_p_rule: rule });
    assert.ok(final.kept > 44000 && final.kept < 46000, `${rule} kept ${final.kept}`);
    close(sum(final.probs), 1, 1e-9, "sum");
  }
});

Deno.test("the plan: greedy takes the argmax of what the constraint allows; a listed order runs alone", () => {
  const logits = Float64Array.of(3, 2, 1, 0);
  const mask = Int32Array.of(0b1110);
  const greedy = runPipeline(logits, [], 0, { ...DEFAULT_PARAMS, temperature: 0 }, { mask });
  assert.deepEqual(greedy.stages.map(({ name }) => name), ["repetition", "constraint", "greedy"]);
  assert.deepEqual([...greedy.final.probs], [0, 1, 0, 0]);
  assert.ok(greedy.base.probs[0]! > 0.6); // p_base stays the model's
  const context = { history: [], promptLength: 0, mask, xtcU: 0, vocabulary: 4 };
  assert.deepEqual(planStages({ ...DEFAULT_PARAMS, stages: ["top_p"] }, context), ["top_p", "constraint"]);
  const dynamic = { ...DEFAULT_PARAMS, dynatemp_range: 0.5 };
  assert.deepEqual(planStages(dynamic, context), ["repetition", "dynatemp", "constraint", "top_p"]);
  assert.deepEqual(
    planStages({ ...dynamic, stages: ["dynatemp", "top_p", "temperature", "constraint"] }, context),
    ["dynatemp", "top_p", "constraint"],
  );
  assert.throws(
    () => planStages({ ...DEFAULT_PARAMS, stages: ["top_p", "top_p"] }, context),
    (error) => faultOf(error)?.field === "params.stages",
  );
});

Deno.test("XTC acts where its number is no larger than its probability", () => {
  const params = { ...NEUTRAL_PARAMS, xtc_probability: 0.5, xtc_threshold: 0.1 };
  const kept = (xtcU: number) => runPipeline(Float64Array.of(1, 1, 0), [], 0, params, { xtcU }).final.kept;
  assert.deepEqual([0, 0.5, 0.51].map(kept), [1, 1, 3]);
});

Deno.test("impossible input is refused with a reason", () => {
  const run = (logits: number[], mask?: Int32Array) =>
    runPipeline(Float32Array.from(logits), [], 0, DEFAULT_PARAMS, mask === undefined ? {} : { mask });
  assert.throws(() => run([1, NaN]), /token 1 but found NaN/);
  assert.throws(() => run([-Infinity]), /found none among 1/);
  assert.throws(() => run([1, 2], Int32Array.of(0)), (error) => faultOf(error)?.field === "constraint");
  assert.equal(run([1, -Infinity, 0], Int32Array.of(-1)).final.probs[1], 0);
});

Deno.test("presets are recognised by their values", () => {
  assert.equal(presetOf(DEFAULT_PARAMS), "balanced");
  assert.equal(presetOf({ ...DEFAULT_PARAMS, top_p: 0.81 }), "custom");
  for (const [name, values] of Object.entries(PRESETS)) assert.equal(presetOf(values), name);
});

Deno.test("equal best tokens stay equal at the smallest temperatures", () => {
  const params: Params = { ...NEUTRAL_PARAMS, temperature: 1e-35, mirostat_tau: 0.1 };
  const run = runPipeline(Float64Array.of(-1000, 7, 7, 7, 7), [0], 1, params);
  assert.deepEqual(run.stages.map(({ name, after }) => [name, after.entropyBits]), [["temperature", 2], [
    "mirostat",
    0,
  ]]);
  assert.deepEqual([...run.final.probs], [0, 1, 0, 0, 0]); // each surprises by 2 bits, mu is 0.2
});
