import assert from "node:assert/strict";
import {
  applyRestore,
  chooseLedgerToken,
  ledgerView,
  restoreView,
} from "../../../lib/explorer/views/ledger_view.ts";
import { effectOf, moreLabel, pipelineView } from "../../../lib/explorer/views/pipeline_view.ts";
import { choosePreset, FIRST_SAMPLING, type Sampling } from "../../../lib/explorer/settings/sampling.ts";
import { DEFAULT_ORDER, NEUTRAL_PARAMS, type Params } from "../../../lib/sampling/params.ts";
import { sampleDist, type SampleOptions, VOCABULARY } from "../../gallery/samples.ts";

function sampling(params: Partial<Params>): Sampling {
  return { params: { ...NEUTRAL_PARAMS, ...params }, preset: "custom" };
}

function viewOf(params: Partial<Params>, options: SampleOptions & { all?: boolean } = {}) {
  const dist = sampleDist({ ...options, params });
  return pipelineView({
    sampling: sampling(params),
    dist,
    vocabulary: VOCABULARY,
    all: options.all ?? false,
  });
}

const row = (view: ReturnType<typeof viewOf>, stage: string) => view.rows.find((row) => row.stage === stage);

Deno.test("a filter says how many tokens and how much mass it took", () => {
  const { effect, on } = row(viewOf({ top_p: 0.75 }), "top_p")!;
  assert.ok(on);
  assert.match(effect.text, /^−\d+ tokens, −\d+\.\d %$/);
  assert.ok(effect.keptMass! > 0.5 && effect.keptMass! < 0.75);
});

Deno.test("stages that remove nothing say what they did", () => {
  assert.equal(row(viewOf({ temperature: 0.5 }), "temperature")!.effect.text, "sharper, none removed");
  assert.equal(row(viewOf({ temperature: 1.5 }), "temperature")!.effect.text, "flatter, none removed");
  assert.equal(row(viewOf({ repetition_penalty: 1.2 }), "repetition")!.effect.text, "lowered, none removed");
  assert.equal(row(viewOf({ presence_penalty: -1 }), "presence")!.effect.text, "raised, none removed");
  assert.equal(row(viewOf({}), "top_k")!.effect.text, "off");
});

Deno.test("one token is one token", () => {
  const summary = { name: "top_k", kept: 1, removed: 1, removed_mass: 0.25, entropy_bits: 0 } as const;
  assert.equal(effectOf(summary, NEUTRAL_PARAMS).text, "−1 token, −25.0 %");
});

Deno.test("common stages are listed, the others wait, but one that is on is never hidden", () => {
  const stages = (view: ReturnType<typeof viewOf>) => view.rows.map(({ stage }) => stage);
  const common = ["repetition", "temperature", "top_k", "top_p", "min_p", "typical_p"];
  assert.deepEqual(stages(viewOf({})), common);
  assert.deepEqual(stages(viewOf({ eta_cutoff: 0.01 })), [...common, "eta"]);
  const all = DEFAULT_ORDER.length - 1; // but the constraint, which is off
  assert.equal(moreLabel(viewOf({})), `More stages (${all - common.length})`);
  assert.equal(moreLabel(viewOf({}, { all: true })), "Fewer stages");
  assert.equal(viewOf({}, { all: true }).rows.length, all);
});

Deno.test("a constraint has a row while it is on", () => {
  const view = viewOf({}, { allowed: [1, 2] });
  assert.match(row(view, "constraint")!.effect.text, /^−398 tokens/);
});

Deno.test("greedy is the last stage; filters that are set say that it does not use them", () => {
  const view = viewOf({ greedy: true, top_p: 0.5 });
  assert.equal(row(view, "top_p")!.effect.text, "not used by greedy");
  assert.match(view.greedy!.text, /^−399 tokens/);
  assert.equal(view.drawn, "1 token, 0.0 bits");
});

Deno.test("behind an engine that lists some tokens, what is removed has a row, and what cannot act says why", () => {
  const off = { name: "typical_p", reason: "It measures the whole distribution." } as const;
  const listed = { name: "listed", kept: 20, removed: 380, removed_mass: 0.25, entropy_bits: 2 } as const;
  const dist = { ...sampleDist(), entropy_bits: null, stages: [listed], stages_off: [off] };
  const view = pipelineView({
    sampling: sampling({ typical_p: 0.5 }),
    dist,
    vocabulary: VOCABULARY,
    all: false,
  });
  assert.equal(view.output, "its own probabilities");
  assert.equal(view.listed?.text, "−380 tokens, −25.0 %");
  assert.equal(row(view, "typical_p")!.effect.text, "off: It measures the whole distribution.");
  assert.equal(viewOf({}).listed, null);
});

Deno.test("without a distribution there are no effects", () => {
  const view = pipelineView({ sampling: FIRST_SAMPLING, dist: null, vocabulary: 400, all: false });
  assert.equal(view.output, "its own probabilities");
  assert.ok(view.rows.every(({ effect }) => effect.text === ""));
});

Deno.test("the ledger of a removed token ends where it was cut, and offers what brings it back", () => {
  const dist = sampleDist({ params: { temperature: 0.9, top_p: 0.75 } });
  const token = chooseLedgerToken(dist, null)!;
  assert.equal(token.kept, false); // without a choice: the first that was removed
  const view = ledgerView(token, { dist, ledger: true });
  assert.deepEqual(view.steps.map(({ label }) => label), ["Raw model", "Temperature", "Top-p"]);
  assert.deepEqual([view.steps.at(-1)!.value, view.steps.at(-1)!.length], ["cut", null]);
  assert.match(view.restore!.label, /^top-p ≥ 0\.\d\d$/);
});

Deno.test("applying the suggestion brings the token back, for every filter", () => {
  const filters: Partial<Params>[] = [
    ...[{ top_p: 0.5 }, { top_k: 3 }, { min_p: 0.2 }, { typical_p: 0.4 }, { epsilon_cutoff: 0.05 }] as const,
    ...[{ eta_cutoff: 0.05 }, { top_n_sigma: 0.5 }, { top_h: 0.3 }, { greedy: true }] as const,
    { temperature: 0 },
    { top_p: 0.5, min_p: 0.1, top_k: 2 },
  ];
  for (const params of filters) {
    const before = sampling(params);
    const dist = sampleDist({ params: before.params });
    for (const token of dist.tokens.filter(({ kept, restore }) => !kept && restore !== null)) {
      const { restore } = ledgerView(token, { dist, ledger: true }).restore!;
      const after = applyRestore(before, restore)!;
      const again = sampleDist({ params: after.params, topK: VOCABULARY });
      const found = again.tokens.find(({ id }) => id === token.id)!;
      assert.ok(found.kept, `${JSON.stringify(params)}: ${JSON.stringify(restore)} for ${token.id}`);
    }
  }
});

Deno.test("suggestions are rounded towards keeping more, and never into off", () => {
  const label = (param: string, value: number | boolean) => restoreView({ param, value })!.label;
  assert.equal(label("top_p", 0.8241), "top-p ≥ 0.83");
  assert.equal(label("top_p", 0.99981), "top-p ≥ 0.9999");
  assert.equal(label("min_p", 0.00347), "min-p ≤ 0.003");
  assert.equal(label("top_k", 12), "top-k ≥ 12");
  assert.equal(label("typical_p", 1), "typical-p off");
  assert.equal(label("greedy", false), "without greedy");
  assert.equal(label("constraint.enabled", false), "without the constraint");
  assert.equal(restoreView({ param: "something_new", value: 1 }), null);
});

Deno.test("leaving greedy by a suggestion leaves its preset; the constraint is not ours to switch off", () => {
  const greedy = choosePreset(FIRST_SAMPLING, "greedy");
  assert.equal(applyRestore(greedy, { param: "greedy", value: false })!.preset, "custom");
  assert.equal(applyRestore(greedy, { param: "constraint.enabled", value: false }), null);
});

Deno.test("the ledger of a kept token goes to the end", () => {
  const dist = sampleDist({ params: { temperature: 0.5 } });
  const view = ledgerView(chooseLedgerToken(dist, dist.tokens[2]!.id)!, { dist, ledger: true });
  assert.deepEqual(view.steps.map(({ label }) => label), ["Raw model", "Temperature", "Final"]);
  assert.equal(view.removed, false);
  assert.equal(view.restore, null);
  assert.equal(Math.max(...view.steps.map(({ length }) => length!)), 1);
});

Deno.test("a token that no single setting brings back says so; without stages the ledger has both ends", () => {
  const dist = sampleDist({ params: { top_k: 2 } });
  const token = { ...dist.tokens[5]!, restore: null, stages: [] };
  const view = ledgerView(token, { dist, ledger: true });
  assert.equal(view.note, "No single setting brings it back.");
  assert.deepEqual(view.steps.map(({ label }) => label), ["Raw model", "Top-k"]);
});
