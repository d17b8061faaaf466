import assert from "node:assert/strict";
import fc from "fast-check";
import { faultOf } from "../../lib/fault.ts";
import { distOf } from "../../lib/sampling/dist.ts";
import { ledgerOf, orderShown } from "../../lib/sampling/ledger.ts";
import { NEUTRAL_PARAMS, type Params } from "../../lib/sampling/params.ts";
import { type PipelineRun, runPipeline } from "../../lib/sampling/pipeline.ts";
import type { SettingChange } from "../../lib/sampling/smallest_change.ts";
import { anyLogits, anyMaskBits, anyParams, anyPath, maskFor } from "./settings.ts";

const allIds = (run: PipelineRun) => [...run.raw.logits.keys()];

function withChange(run: PipelineRun, { param, value }: SettingChange): PipelineRun {
  const { raw, context, params } = run;
  const options = { mask: param === "constraint.enabled" ? null : context.mask, xtcU: context.xtcU };
  return runPipeline(
    raw.logits,
    context.history,
    context.promptLength,
    { ...params, [param]: value },
    options,
  );
}

function keeps(run: PipelineRun, id: number): boolean {
  return run.final.logits[id]! > -Infinity;
}

/** The change brings the token back. Where rounding alone decides (tokens that only the last bits tell from each
 * other, an edge on a token), a search among a part of the vocabulary, whose sums are rounded otherwise, may end
 * otherwise than the whole: then that has such tokens, or does with a logit larger or smaller by a billionth. */
function bringsBack(run: PipelineRun, change: SettingChange, id: number): boolean {
  const changed = withChange(run, change);
  if (keeps(changed, id) || hasNearTies(changed)) return true;
  return [1e-9, -1e-9].some((by) => {
    const logits = run.raw.logits.slice();
    logits[id]! += by * Math.max(1, Math.abs(logits[id]!));
    return keeps(withChange({ ...run, raw: distOf(logits) }, change), id);
  });
}

/** Two tokens differ by rounding alone behind some stage. */
function hasNearTies({ stages }: PipelineRun): boolean {
  return stages.some(({ after: { logits, probs } }) => {
    const order = [...logits.keys()].filter((id) => probs[id]! > 0).sort((a, b) => logits[a]! - logits[b]!);
    return order.slice(1).some((id, at) => {
      const apart = logits[id]! - logits[order[at]!]!;
      return apart < 1e-9 && (apart > 0 || probs[id] !== probs[order[at]!]);
    });
  });
}

Deno.test("each token's ledger tells what the run did to it, and the change brings it back", () => {
  const restored = new Set<string>();
  fc.assert(
    fc.property(anyLogits, anyPath, anyParams, anyMaskBits, (logits, path, params, bits) => {
      let run: PipelineRun;
      try {
        run = runPipeline(logits, path.history, path.promptLength, params, { mask: maskFor(logits, bits) });
      } catch (error) {
        assert.equal(faultOf(error)?.field, "constraint");
        return;
      }
      for (const token of ledgerOf(run, allIds(run))) {
        const { id, removedBy, stages } = token;
        assert.equal(token.kept, keeps(run, id));
        assert.equal(token.kept, removedBy === null && logits[id]! > -Infinity);
        assert.deepEqual(stages, run.stages.map(({ after }) => after.probs[id]!));
        assert.equal(token.pFinal, stages.at(-1) ?? run.raw.probs[id]);
        const at = run.stages.findIndex(({ name }) => name === removedBy);
        if (removedBy !== null) assert.ok(stages.slice(at).every((p) => p === 0));
        if (token.change === null) continue;
        assert.ok(!token.kept);
        restored.add(token.change.param);
        assert.ok(bringsBack(run, token.change, id), `${id} ${JSON.stringify(token.change)}`);
      }
    }),
    { numRuns: 600 },
  );
  assert.ok(restored.size >= 11, [...restored].join());
});

Deno.test("nothing is said to restore a token that a dynamic temperature of 0 removes behind", () => {
  const params: Params = {
    ...{ ...NEUTRAL_PARAMS, typical_p: 0.05, temperature: 0.1, dynatemp_range: 0.1 },
    stages: ["typical_p", "temperature"],
  };
  const run = runPipeline(Float64Array.from([746, 0, 0]), [], 0, params);
  assert.deepEqual(ledgerOf(run, [1]).map(({ removedBy, change }) => [removedBy, change]), [
    ["typical_p", null],
  ]);
});

const LAST_STAGE: readonly (Partial<Params> & { readonly looser: 1 | -1; readonly param: keyof Params })[] = [
  { param: "top_k", looser: 1, top_k: 3 },
  { param: "top_p", looser: 1, top_p: 0.6 },
  { param: "top_p", looser: 1, top_p: 0.6, top_p_rule: "at_least" },
  { param: "min_p", looser: -1, min_p: 0.5 },
  { param: "typical_p", looser: 1, typical_p: 0.3 },
  { param: "epsilon_cutoff", looser: -1, epsilon_cutoff: 0.1 },
  { param: "eta_cutoff", looser: -1, eta_cutoff: 0.3 },
  { param: "top_n_sigma", looser: 1, top_n_sigma: 0.5 },
  { param: "top_h", looser: 1, top_h: 0.4 },
  { param: "xtc_threshold", looser: 1, xtc_probability: 1, xtc_threshold: 0.05 },
  { param: "mirostat_mu", looser: 1, mirostat_tau: 1, mirostat_mu: 1.5 },
  { param: "top_k", looser: 1, top_k: 3, top_p: 0.9 },
  { param: "top_k", looser: 1, top_k: 2, min_p: 0.2, typical_p: 0.9 },
];

Deno.test("the change is the smallest one: a little less does not bring the token back", () => {
  const logits = fc.array(fc.integer({ min: -6000, max: 6000 }).map((n) => n / 1000), {
    minLength: 3,
    maxLength: 40,
    size: "max",
  });
  for (const { param, looser, ...settings } of LAST_STAGE) {
    let tried = 0;
    fc.assert(fc.property(logits, (list) => {
      const run = runPipeline(Float64Array.from(list), [], 0, { ...NEUTRAL_PARAMS, ...settings });
      for (const { id, change } of ledgerOf(run, allIds(run))) {
        if (change?.param !== param) continue;
        const value = change.value as number;
        const less = param === "top_k"
          ? value - 1
          : value - looser * Math.max(1e-9 * Math.abs(value), 1e-300);
        assert.ok(keeps(withChange(run, change), id), `${param} ${value} of ${id}`);
        assert.ok(!keeps(withChange(run, { param, value: less }), id), `${param} ${less} of ${id} suffices`);
        tried++;
      }
    }));
    assert.ok(tried > 20, `${param}: ${tried}`);
  }
});

Deno.test("restore by example", () => {
  const logits = Float64Array.from([0.5, 0.25, 0.15, 0.1], Math.log);
  const restore = (settings: Partial<Params>, id: number, mask: Int32Array | null = null) => {
    const run = runPipeline(logits, [], 0, { ...NEUTRAL_PARAMS, ...settings }, { mask });
    return ledgerOf(run, [id])[0]!.change;
  };
  assert.deepEqual(restore({ top_k: 1 }, 2), { param: "top_k", value: 3 });
  const nucleus = restore({ top_p: 0.6 }, 1);
  assert.ok(nucleus?.param === "top_p" && Math.abs(Number(nucleus.value) - 0.75) < 1e-12);
  // Among three tokens the second still crosses 0.8; among four it does not.
  assert.deepEqual(restore({ top_k: 1, top_p: 0.8 }, 1), { param: "top_k", value: 4 });
  assert.equal(restore({ top_k: 1, top_p: 0.8 }, 3), null);
  assert.deepEqual(restore({ greedy: true }, 1), { param: "greedy", value: false });
  assert.deepEqual(restore({ temperature: 0 }, 1), { param: "temperature", value: 0.01 });
  assert.equal(restore({ temperature: 0, top_p: 0.5 }, 1), null);
  assert.deepEqual(restore({}, 0, Int32Array.of(0b1110)), { param: "constraint.enabled", value: false });
  assert.equal(restore({}, 0), null);
});

Deno.test("a change is found that lets through far more tokens than the one asked for", () => {
  const logits = Float64Array.from({ length: 3000 }, (_, id) => -id / 1e4);
  const run = runPipeline(logits, [], 0, { ...NEUTRAL_PARAMS, top_k: 1, top_p: 0.5 });
  const { change } = ledgerOf(run, [599])[0]!;
  assert.ok(change?.param === "top_k" && Number(change.value) > 1100 && Number(change.value) < 1250);
  assert.ok(keeps(withChange(run, change), 599));
  assert.ok(!keeps(withChange(run, { param: "top_k", value: Number(change.value) - 1 }), 599));
  assert.equal(ledgerOf(run, [2000])[0]!.change, null); // top_p alone removes it too
});

Deno.test("tokens are shown by p_base, ties by id, removed ones too; unknown ids are refused", () => {
  const run = runPipeline(Float64Array.of(0, 2, 1, 2), [1], 1, {
    ...NEUTRAL_PARAMS,
    repetition_penalty: 2,
    top_k: 1,
  });
  assert.deepEqual([...orderShown(run, 9)], [3, 1, 2, 0]); // 1 fell from 2 to 1
  assert.deepEqual(ledgerOf(run, orderShown(run, 2)).map(({ id, removedBy }) => [id, removedBy]), [
    [3, null],
    [
      1,
      "top_k",
    ],
  ]);
  assert.deepEqual(ledgerOf(run, [1], { changes: false })[0]!.change, null);
  assert.throws(() => ledgerOf(run, [4]), RangeError);
});
