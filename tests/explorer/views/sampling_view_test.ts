import assert from "node:assert/strict";
import fc from "fast-check";
import {
  changeField,
  changeStage,
  choosePreset,
  FIRST_SAMPLING,
  moveStage,
  orderOf,
  type Sampling,
  samplingSummary,
  setParam,
} from "../../../lib/explorer/settings/sampling.ts";
import { STAGE_CONTROLS } from "../../../lib/explorer/settings/stage_controls.ts";
import {
  DEFAULT_ORDER,
  DEFAULT_PARAMS,
  isStageOn,
  type Params,
  PRESETS,
} from "../../../lib/sampling/params.ts";
import { settingText } from "../../../lib/explorer/words/format.ts";

const balanced: Sampling = choosePreset(FIRST_SAMPLING, "balanced");
const withStages = (stages: Params["stages"]): Sampling => ({
  params: { ...DEFAULT_PARAMS, stages },
  preset: "balanced",
});

Deno.test("the page starts with temperature 0.7 and every other stage off", () => {
  assert.equal(FIRST_SAMPLING.params.temperature, 0.7);
  assert.deepEqual(DEFAULT_ORDER.filter((stage) => isStageOn(stage, FIRST_SAMPLING.params)), ["temperature"]);
});

Deno.test("a preset takes its values, switches the other stages off and leaves the rest alone", () => {
  const before = changeField(setParam(FIRST_SAMPLING, "min_p", 0.1), { seed: 7, stop_sequences: ["x"] });
  const { params, preset } = choosePreset(before, "creative");
  assert.equal(preset, "creative");
  assert.equal(params.min_p, 0);
  assert.equal(params.seed, 7);
  assert.deepEqual(params.stop_sequences, ["x"]);
  for (const [key, value] of Object.entries(PRESETS.creative)) {
    assert.equal(params[key as keyof Params], value, key);
  }
});

Deno.test("a slider switches to custom, but not out of greedy; custom leaves greedy", () => {
  assert.equal(setParam(balanced, "top_p", 0.5).preset, "custom");
  const greedy = setParam(choosePreset(FIRST_SAMPLING, "greedy"), "top_p", 0.5);
  assert.equal(greedy.preset, "greedy");
  assert.equal(greedy.params.greedy, true);
  const custom = choosePreset(greedy, "custom");
  assert.equal(custom.params.greedy, false);
  assert.equal(custom.params.top_p, 0.5);
});

Deno.test("what belongs to no stage keeps the preset", () => {
  assert.equal(changeField(balanced, { seed: 3 }).preset, "balanced");
});

Deno.test("a value is brought into range, made whole where it must be, and ignored where it is none", () => {
  assert.equal(setParam(balanced, "top_p", 3).params.top_p, 1);
  assert.equal(setParam(balanced, "top_k", 40.4).params.top_k, 40);
  assert.equal(setParam(balanced, "top_k", -5).params.top_k, 0);
  assert.equal(setParam(balanced, "top_p", NaN), balanced);
  assert.equal(setParam(balanced, "top_p", 0.8), balanced);
});

Deno.test("every stage but the constraint and the bias has a control in range of its defaults", () => {
  for (const { stage, main } of STAGE_CONTROLS) {
    if (main === null) {
      assert.ok(stage === "constraint" || stage === "logit_bias");
      continue;
    }
    const value = DEFAULT_PARAMS[main.param];
    assert.ok(value >= main.accepts.min && value <= main.accepts.max, stage);
    assert.ok(main.slider.min >= main.accepts.min && main.slider.max <= main.accepts.max, stage);
  }
  assert.deepEqual(STAGE_CONTROLS.map(({ stage }) => stage), [...DEFAULT_ORDER]);
});

Deno.test("stages move past each other in both directions", () => {
  const down = moveStage(balanced, "top_k", "min_p");
  assert.deepEqual(down.params.stages?.slice(7, 10), ["top_p", "min_p", "top_k"]);
  assert.equal(down.preset, "custom");
  const back = moveStage(down, "top_k", "top_p");
  assert.equal(back.params.stages, null); // the default order has a short name
  const shown = ["temperature", "top_k"] as const; // the hidden constraint between them stays in its place
  const past = moveStage(balanced, "temperature", "top_k", shown);
  assert.deepEqual(past.params.stages?.slice(5, 8), ["top_k", "constraint", "temperature"]);
  assert.equal(moveStage(past, "temperature", "top_k", shown).params.stages, null);
});

Deno.test("moving keeps left-out stages out; touching one takes it in", () => {
  const few = withStages(["temperature", "top_k"]);
  assert.deepEqual(moveStage(few, "top_k", "temperature").params.stages, ["top_k", "temperature"]);
  assert.deepEqual(setParam(few, "min_p", 0.1).params.stages, ["temperature", "top_k", "min_p"]);
  assert.deepEqual(moveStage(few, "xtc", "temperature").params.stages, ["xtc", "temperature", "top_k"]);
  assert.deepEqual(changeStage(few, { top_p_rule: "at_least" }).params.stages, [
    "temperature",
    "top_k",
    "top_p",
  ]);
});

Deno.test("orderOf names every stage once, whatever a request leaves out", () => {
  const stages = fc.shuffledSubarray([...DEFAULT_ORDER, "dynatemp" as const]);
  fc.assert(fc.property(stages, (stages) => {
    const order = orderOf({ ...DEFAULT_PARAMS, stages });
    assert.deepEqual([...order].sort(), [...DEFAULT_ORDER].sort());
    const named = stages.filter((stage) => stage !== "dynatemp" && stage !== "temperature");
    assert.deepEqual(order.filter((stage) => named.includes(stage as never)), named);
  }));
});

Deno.test("moving is a permutation that puts a stage in the place of another", () => {
  const stage = fc.constantFrom(...DEFAULT_ORDER);
  fc.assert(fc.property(fc.array(fc.tuple(stage, stage), { maxLength: 6 }), (moves) => {
    let sampling = balanced;
    for (const [from, to] of moves) {
      const place = orderOf(sampling.params).indexOf(to);
      sampling = moveStage(sampling, from, to);
      assert.equal(orderOf(sampling.params).indexOf(from), place);
    }
    assert.deepEqual([...orderOf(sampling.params)].sort(), [...DEFAULT_ORDER].sort());
  }));
});

Deno.test("the tab's line names preset, temperature and what is on", () => {
  const rich = setParam(setParam(FIRST_SAMPLING, "temperature", 0.9), "top_p", 0.75);
  assert.equal(samplingSummary(rich), "Custom, T 0.9, top-p 0.75");
  assert.equal(samplingSummary(choosePreset(rich, "greedy")), "Greedy");
  assert.equal(samplingSummary(balanced), "Balanced, T 0.7, top-p 0.8, repetition 1.05");
});

Deno.test("settings are written without exponents", () => {
  assert.equal(settingText(0.75), "0.75");
  assert.equal(settingText(0.00000025), "0.00000025");
  assert.equal(settingText(-2), "-2");
});
