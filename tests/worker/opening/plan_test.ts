import assert from "node:assert/strict";
import { type LoadPlan, type PlanFacts, planLoad } from "../../../lib/worker/opening/plan.ts";

const MB = 2 ** 20;

/** The bundled model as the server starts: on the CPU, nothing else serves, memory for two sessions. */
const START: PlanFacts = {
  device: "cpu",
  runner: "auto",
  background: false,
  weights: 114 * MB,
  needed: 300 * MB,
  free: 8000 * MB,
  optimised: "none",
  checked: false,
};
const NATIVE = { runner: "native", check: "plain", graphs: ["as_is"], thread: "own" } as const;
const ADDON = { runner: "addon" } as const;

const TABLE: readonly (readonly [why: string, facts: Partial<PlanFacts>, plan: LoadPlan])[] = [
  ["a start", {}, NATIVE],
  ["the addon was asked for", { runner: "addon", background: true, optimised: "there" }, ADDON],
  ["the native runner was asked for", { runner: "native" }, { ...NATIVE, check: "none" }],
  ["and only that", { runner: "native", optimised: "there", free: 1 }, { ...NATIVE, check: "none" }],
  ["the check held at another start", { checked: true }, { ...NATIVE, check: "known" }],
  ["it held, and memory has room for one", { checked: true, free: 1 }, { ...NATIVE, check: "known" }],
  ["it held, another model serves", { checked: true, background: true }, {
    ...{ ...NATIVE, check: "known", thread: "background" },
  }],
  ["it held, the native runner was asked for", { checked: true, runner: "native" }, {
    ...NATIVE,
    check: "none",
  }],
  ["a GPU", { device: "cuda" }, ADDON],
  ["a GPU, native asked for", { device: "webgpu", runner: "native" }, ADDON],
  ["memory for two, just", { free: 600 * MB }, NATIVE],
  ["memory for one", { free: 600 * MB - 1 }, { ...NATIVE, check: "states" }],
  ["memory unknown", { free: null }, NATIVE],
  ["another model serves", { background: true }, { ...NATIVE, thread: "background" }],
  ["weights that pay for a thread, just", { background: true, weights: 16 * MB }, {
    ...NATIVE,
    thread: "background",
  }],
  ["fewer weights", { background: true, weights: 16 * MB - 1 }, NATIVE],
  ["native asked for while another serves", { background: true, runner: "native" }, {
    ...NATIVE,
    check: "none",
    thread: "background",
  }],
  ["an optimised graph may be written", { optimised: "absent" }, { ...NATIVE, graphs: ["writing", "as_is"] }],
  ["one is there", { optimised: "there" }, { ...NATIVE, graphs: ["optimised", "writing", "as_is"] }],
  ["one is there, little memory, another serves", { optimised: "there", free: 1, background: true }, {
    ...{ runner: "native", check: "states", thread: "background" },
    graphs: ["optimised", "writing", "as_is"],
  }],
];

for (const [why, facts, plan] of TABLE) {
  Deno.test(`the plan of a load: ${why}`, () => assert.deepEqual(planLoad({ ...START, ...facts }), plan));
}
