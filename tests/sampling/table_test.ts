import assert from "node:assert/strict";
import fc from "fast-check";
import { describeValues, normaliseValue, readParams, takesValue } from "../../lib/sampling/param_values.ts";
import type { Parameter } from "../../lib/sampling/parameter.ts";
import {
  DEFAULT_ORDER,
  DEFAULT_PARAMS,
  isStageOn,
  NEUTRAL_PARAMS,
  ORDERED_STAGES,
  PARAMETER_LIST,
  PARAMETERS,
  parametersOf,
  thresholdOf,
} from "../../lib/sampling/params.ts";
import { FORMULAS } from "../../lib/sampling/table.ts";
import { anyParams } from "./any_params.ts";

Deno.test("the default order has the published stages in their order; dynatemp may stand in it, greedy not", () => {
  const published = [
    ...["logit_bias", "repetition", "presence", "frequency", "dry", "temperature", "constraint"],
    ...["top_k", "top_p", "min_p", "typical_p", "epsilon", "eta", "top_n_sigma", "top_h", "xtc", "mirostat"],
  ];
  assert.deepEqual(DEFAULT_ORDER.filter((stage) => published.includes(stage)), published);
  assert.deepEqual([...ORDERED_STAGES].sort(), [...DEFAULT_ORDER, "dynatemp"].sort());
});

Deno.test("the API's defaults are the preset balanced; neutral settings switch every stage off", () => {
  const { temperature, top_p, repetition_penalty } = DEFAULT_PARAMS;
  assert.deepEqual([temperature, top_p, repetition_penalty], [0.7, 0.8, 1.05]);
  assert.deepEqual(NEUTRAL_PARAMS, { ...DEFAULT_PARAMS, temperature: 1, top_p: 1, repetition_penalty: 1 });
  assert.deepEqual(ORDERED_STAGES.filter((stage) => isStageOn(stage, NEUTRAL_PARAMS)), []);
  const on = ORDERED_STAGES.filter((stage) => isStageOn(stage, DEFAULT_PARAMS));
  assert.deepEqual(on, ["repetition", "temperature", "top_p"]);
});

Deno.test("every row takes its default and its off value, and its slider lies within what its box takes", () => {
  for (const [name, row] of PARAMETER_LIST) {
    assert.ok(takesValue(row, row.default), name);
    if (row.off !== undefined) assert.ok(takesValue(row, row.off), name);
    assert.match(row.about, /^[A-Z].*\.$/, name);
    if (!("slider" in row) || row.slider === undefined) continue;
    const [min, max] = row.box ?? row.range;
    assert.ok(
      row.slider[0] >= min && row.slider[1] <= max && row.range[0] <= min && max <= row.range[1],
      name,
    );
  }
});

Deno.test("every stage but the constraint has a parameter that switches it on, and says so first", () => {
  for (const stage of ORDERED_STAGES) {
    if (stage === "constraint") continue;
    assert.notEqual(parametersOf(stage)[0]?.[1].isOn, undefined, stage);
  }
});

Deno.test("a formula's threshold is a parameter of its own stage", () => {
  for (const [stage, { threshold }] of Object.entries(FORMULAS)) {
    if (threshold === undefined) continue;
    assert.equal(PARAMETERS[threshold.param].stage, stage);
    assert.notEqual(thresholdOf(threshold.param), null);
  }
  assert.equal(thresholdOf("top_p")!.off, 1);
  assert.equal(thresholdOf("min_p")!.off, 0);
  assert.equal(thresholdOf("xtc_threshold")!.off, 1);
  assert.equal(thresholdOf("mirostat_mu")!.off, Infinity);
  assert.equal(thresholdOf("seed"), null);
  assert.equal(thresholdOf("constraint.enabled"), null);
});

Deno.test("XTC is on where both its parameters say so", () => {
  const on = { ...NEUTRAL_PARAMS, xtc_probability: 0.5 };
  assert.equal(isStageOn("xtc", on), true);
  assert.equal(isStageOn("xtc", { ...on, xtc_threshold: 0.6 }), false);
  assert.equal(isStageOn("xtc", { ...NEUTRAL_PARAMS, xtc_threshold: 0.3 }), false);
});

Deno.test("settings read themselves; what is impossible is named with what would be possible", () => {
  fc.assert(fc.property(anyParams, (params) => {
    assert.deepEqual(readParams({ ...params }), { params });
  }));
  const wrong = (values: Record<string, unknown>) => {
    const read = readParams(values);
    return "wrong" in read ? `${read.wrong.name}: ${read.wrong.expected}` : "taken";
  };
  assert.equal(wrong({ temperature: 101 }), "temperature: a number of at most 100");
  assert.equal(wrong({ temperature: "hot" }), "temperature: a number of at most 100");
  assert.equal(wrong({ top_p: NaN }), "top_p: a number from 0 to 1");
  assert.equal(wrong({ top_k: 1.5 }), "top_k: a whole number of at least 0");
  assert.equal(wrong({ seed: 2 ** 53 }), "seed: a whole number or null");
  assert.equal(wrong({ greedy: 1 }), "greedy: true or false");
  assert.equal(wrong({ top_p_rule: "x" }), 'top_p_rule: "strict" or "at_least"');
  assert.equal(wrong({ stop_sequences: Array(65).fill("x") }), "stop_sequences: a list of at most 64 texts");
  assert.equal(wrong({ dry_breakers: [-1] }), "dry_breakers: a list of token ids");
  assert.equal(wrong({ logit_bias: { "01": 1 } }), "logit_bias: numbers from -10000 to 10000 by token id");
  assert.equal(wrong({ stages: ["top_k", "top_k"] }), "stages: a list of stages, each once or null");
  assert.equal(wrong({ stages: null, from_the_future: 1 }), "taken");
});

Deno.test("a value has one spelling", () => {
  const normal = (name: keyof typeof PARAMETERS, value: unknown) =>
    normaliseValue(PARAMETERS[name] as Parameter, value);
  assert.ok(Object.is(normal("temperature", -0), 0));
  assert.equal(normal("seed", -1), null);
  assert.equal(normal("seed", -2), -2);
  assert.equal(normal("presence_penalty", -1), -1);
  assert.deepEqual(normal("stop_sequences", ["", "a"]), ["a"]);
  assert.equal(describeValues(PARAMETERS.mirostat_mu), "a number from -1000000 to 1000000 or null");
});
