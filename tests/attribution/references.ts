// The attribution references of the tiny models and of the bundled one, and the models that they are about.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openTaps, type TapOptions, type TapSession } from "../../lib/attribution/taps/tap_session.ts";
import type { Target } from "../../lib/attribution/types.ts";
import { openLibrary } from "../runners/native_fixture.ts";

const ROOT = new URL("../../", import.meta.url);
const BUNDLED = "models/HuggingFaceTB/SmolLM2-135M-Instruct";

export const TINY = [
  "tiny-gpt2",
  "tiny-llama-decomposed",
  "tiny-llama-gqa",
  "tiny-llama-gqa-keep",
  "tiny-qwen2-decomposed",
  "tiny-qwen3",
] as const;
export type Model = typeof TINY[number] | "smollm2";

interface Named {
  readonly name: string;
  readonly ids: readonly number[];
}

export interface SplitCase extends Named {
  readonly parts: readonly string[];
  readonly targets: readonly { id: number; logit: number; values: number[]; constant: number }[];
  readonly contrast: { target: number; rival: number; value: number; values: number[]; constant: number };
}

export interface AttributionCase extends Named {
  readonly targets: readonly {
    readonly id: number;
    readonly logprob: number;
    readonly occlusion: Readonly<Record<string, readonly number[] | null>>;
  }[];
  readonly attention: {
    readonly mean: readonly number[];
    readonly last_layer_mean: readonly number[];
    readonly rollout: readonly number[];
    readonly last_row_per_layer_head?: readonly (readonly (readonly number[])[])[];
  };
  readonly lens: readonly {
    readonly layer: number;
    readonly top_ids: readonly number[];
    readonly top_probs: readonly number[];
    readonly targets: readonly { logit: number; prob: number; rank: number }[];
  }[];
}

export function splitCases(model: Model): SplitCase[] {
  return (reference(model, "dla") as { cases: SplitCase[] }).cases;
}

export function attributionCases(model: Model): AttributionCase[] {
  return (reference(model, "attribution") as { cases: AttributionCase[] }).cases;
}

function reference(model: Model, file: string): unknown {
  return JSON.parse(Deno.readTextFileSync(new URL(`tests/fixtures/refs/${model}/${file}.json`, ROOT)));
}

/** Calls `use` with the taps of a model, which are closed afterwards. */
export async function withTaps(
  model: Model,
  use: (session: TapSession) => Promise<void>,
  file = model === "smollm2" ? "model_q4.onnx" : "model.onnx",
  options: TapOptions = {},
): Promise<void> {
  const folder = model === "smollm2" ? BUNDLED : `tests/fixtures/tiny-models/${model}`;
  const path = fileURLToPath(new URL(`${folder}/onnx/${file}`, ROOT));
  const config: unknown = JSON.parse(Deno.readTextFileSync(new URL(`${folder}/config.json`, ROOT)));
  const session = await openTaps(openLibrary(), path, config, options);
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

export function logprobOf(id: number): Target {
  return { quantity: "logprob", ids: [id], rival: null };
}

/** Each value within `relative` of the largest expected one, or `absolute`. */
export function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  { relative = 1e-3, absolute = 1e-5 }: { relative?: number; absolute?: number },
  what: string,
): void {
  assert.equal(actual.length, expected.length, what);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const limit = Math.max(absolute, relative * largest);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) <= limit, `${what}, ${i}: ${value} is not ${expected[i]}`);
  });
}
