import assert from "node:assert/strict";
import { countOccurrences, type StageContext } from "../../lib/sampling/context.ts";
import { type Dist, distOf } from "../../lib/sampling/dist.ts";
import { NEUTRAL_PARAMS, type OrderedStage, type Params, type StageName } from "../../lib/sampling/params.ts";
import { runPipeline } from "../../lib/sampling/pipeline.ts";
import { mirostatNextMu } from "../../lib/sampling/stages/mirostat.ts";
import { xtc } from "../../lib/sampling/stages/xtc.ts";
import { type Case, compare, logitsOf, maskOf, near, readFixture, type Vector } from "./fixture.ts";

type Numbers = Readonly<Record<string, number>>;

/** The fixture's stages in the words of a request: the stage that runs, and its settings. */
const AS_PARAMS: Readonly<Record<string, (p: Numbers, vector: Vector) => [OrderedStage[], Partial<Params>]>> =
  {
    temperature: (p) => [["temperature"], { temperature: p.temperature! }],
    top_k: (p) => [["top_k"], { top_k: p.top_k! }],
    top_p: (p) => [["top_p"], { top_p: p.top_p!, top_p_rule: "at_least" }],
    top_p_strict: (p) => [["top_p"], { top_p: p.top_p!, top_p_rule: "strict" }],
    min_p: (p) => [["min_p"], { min_p: p.min_p! }],
    typical: (p) => [["typical_p"], { typical_p: p.typical! }],
    epsilon: (p) => [["epsilon"], { epsilon_cutoff: p.epsilon! }],
    eta: (p) => [["eta"], { eta_cutoff: p.eta! }],
    top_h: (p) => [["top_h"], { top_h: p.top_h! }],
    top_n_sigma: (p) => [["top_n_sigma"], { top_n_sigma: p.n! }],
    repetition: (p) => [["repetition"], { repetition_penalty: p.repetition! }],
    presence_all: (p) => [["presence"], { presence_penalty: p.presence! }],
    presence_generated: (p) => [["presence"], { presence_penalty: p.presence!, penalty_scope: "completion" }],
    frequency_all: (p) => [["frequency"], { frequency_penalty: p.frequency! }],
    frequency_generated: (
      p,
    ) => [["frequency"], { frequency_penalty: p.frequency!, penalty_scope: "completion" }],
    llamacpp_penalties: (p) => [["repetition", "frequency", "presence"], {
      repetition_penalty: p.repeat!,
      frequency_penalty: p.frequency!,
      presence_penalty: p.presence!,
      penalty_last_n: p.last_n!,
    }],
    bias: (_p, vector) => [["logit_bias"], { logit_bias: Object.fromEntries(vector.bias) }],
    mask: () => [["constraint"], {}],
    dynatemp: (p) => [["dynatemp"], {
      temperature: p.temperature!,
      dynatemp_range: p.range!,
      dynatemp_exponent: p.exponent!,
    }],
    mirostat: (p) => [["mirostat"], { mirostat_tau: p.tau!, mirostat_eta: p.eta!, mirostat_mu: p.mu! }],
    dry: (p) => [["dry"], {
      dry_multiplier: p.multiplier!,
      dry_base: p.base!,
      dry_allowed_length: p.allowed_length!,
      dry_last_n: p.last_n!,
      dry_breakers: p.breakers as unknown as number[],
    }],
  };

const { vectors, cases } = readFixture();

function stateAfter(dist: Dist, stage: string, item: Case, vector: Vector): Dist {
  const numbers: Numbers = item.params;
  if (stage === "xtc") return xtc(dist, 1, numbers.threshold!, 0, numbers.min_keep!); // min_keep is no setting of ours
  const [stages, settings] = AS_PARAMS[stage]!(numbers, vector);
  const mask = stage === "mask" ? maskOf(vector) : null;
  const params = { ...NEUTRAL_PARAMS, ...settings, stages };
  return runPipeline(dist.logits, vector.history, vector.prompt_length, params, { mask }).final;
}

Deno.test("every stage and chain of sampling.json is within its tolerance", () => {
  let compared = 0;
  let others = 0;
  for (const item of cases) {
    const vector = vectors.get(item.vector)!;
    let dist = distOf(logitsOf(vector));
    for (const expected of item.stages) {
      const where = `${item.vector} ${item.kind} ${expected.stage} ${JSON.stringify(item.params)}`;
      const before = dist;
      dist = stateAfter(before, expected.stage, item, vector);
      compared++;
      if (compare(dist, before, expected, where) === "other") {
        others++;
        break;
      }
    }
    for (const [id, mu] of item.mu_after ?? []) {
      const { mu: last, tau, eta } = item.params as Numbers;
      near(mirostatNextMu(last!, tau!, eta!, dist.probs[id]!), mu, 1e-5, `${item.vector} mu after ${id}`);
    }
  }
  assert.equal(cases.length, 2474);
  assert.ok(
    compared > 3950 && others < 40,
    `${compared} compared, ${others} with another accepted kept set`,
  );
});

const SEED_STAGES: Readonly<Record<string, StageName>> = {
  repetition: "repetition",
  presence_all: "presence",
  frequency_all: "frequency",
  temperature: "temperature",
  mask: "constraint",
  top_p_strict: "top_p",
};

Deno.test("the default order gives the published app's pipeline in one run", () => {
  let compared = 0;
  for (const item of cases.filter(({ kind }) => kind === "seed_pipeline")) {
    const vector = vectors.get(item.vector)!;
    const p: Numbers = item.params;
    const params: Params = {
      ...NEUTRAL_PARAMS,
      temperature: p.temperature!,
      top_p: p.top_p!,
      repetition_penalty: p.repetition!,
      presence_penalty: p.presence!,
      frequency_penalty: p.frequency!,
    };
    const masked = item.stages.some(({ stage }) => stage === "mask");
    const run = runPipeline(logitsOf(vector), vector.history, vector.prompt_length, params, {
      mask: masked ? maskOf(vector) : null,
    });
    let dist = run.raw;
    for (const expected of item.stages) {
      const before = dist;
      dist = run.stages.find(({ name }) => name === SEED_STAGES[expected.stage])?.after ?? before;
      compared++;
      if (compare(dist, before, expected, `${item.vector} ${expected.stage}`) === "other") break;
    }
  }
  assert.ok(compared > 1000, `${compared} compared`);
});

Deno.test("the penalty window: scope and last n", () => {
  const context: StageContext = {
    history: [1, 2, 1, 3, 3, 2],
    promptLength: 3,
    mask: null,
    xtcU: 0,
    vocabulary: 8,
  };
  const counts = (scope: "all" | "completion", lastN: number) =>
    Object.fromEntries(countOccurrences(context, scope, lastN));
  assert.deepEqual(counts("all", 0), { 1: 2, 2: 2, 3: 2 });
  assert.deepEqual(counts("completion", 0), { 2: 1, 3: 2 });
  assert.deepEqual(counts("all", 4), { 1: 1, 2: 1, 3: 2 });
  assert.deepEqual(counts("completion", 4), { 2: 1, 3: 2 });
  assert.deepEqual(counts("completion", 1), { 2: 1 });
});
