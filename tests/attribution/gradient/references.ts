// The attribution references (PyTorch in double precision; see ../shared/reference/MODELS.md) and the sessions they are
// compared with.
import { strict as assert } from "node:assert";
import { type GradientSession, openGradientSession } from "../../../lib/attribution/gradient/session.ts";
import { openLibrary } from "../../runners/native_fixture.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);

/** Scores of one quantity: one number a token. */
export interface Scores {
  readonly l2: readonly number[];
  readonly dot: readonly number[];
  readonly gxi_l2: readonly number[];
}

/** One row of integrated gradients; null where single precision overflowed. */
export interface IgReference {
  readonly of: "logprob" | "logit" | "prob";
  readonly baseline: "zero" | "token";
  readonly rule: "gausslegendre" | "riemann_trapezoid";
  readonly n_steps: number;
  readonly sum: readonly (number | null)[];
  readonly l2: readonly (number | null)[];
  readonly total: number | null;
  readonly f_x_minus_f_baseline: number | null;
  readonly delta: number | null;
}

export interface TargetReference {
  readonly id: number;
  readonly grad: Readonly<Record<"logprob" | "logit" | "prob", Scores>>;
  readonly ig: readonly IgReference[];
}

export interface CaseReference {
  readonly name: string;
  readonly ids: readonly number[];
  readonly targets: readonly TargetReference[];
  readonly contrast: {
    readonly target: number;
    readonly rival: number;
    readonly grad: Scores;
    readonly ig?: readonly IgReference[];
  };
  readonly baseline_token_id: number;
  readonly full_grad?: { readonly logit: number[][]; readonly logprob: number[][] };
}

export function referenceCases(model: string): CaseReference[] {
  return json(new URL(`refs/${model}/attribution.json`, FIXTURES)).cases;
}

export async function openTiny(model: string, file = "model.onnx"): Promise<GradientSession> {
  const folder = new URL(`tiny-models/${model}/`, FIXTURES);
  const config: unknown = json(new URL("config.json", folder));
  return await openGradientSession(openLibrary(), new URL(`onnx/${file}`, folder).pathname, config);
}

// deno-lint-ignore no-explicit-any -- the files are what the interfaces above say
function json(url: URL): any {
  return JSON.parse(Deno.readTextFileSync(url));
}

/** Checks numbers to a part of the largest, and to `absolute` beside it. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: readonly (number | null)[],
  relative: number,
  message: string,
  absolute = 1e-5,
): void {
  assert.equal(actual.length, expected.length, message);
  const largest = Math.max(...expected.map((value) => Math.abs(value ?? 0)));
  expected.forEach((value, index) => {
    const difference = Math.abs(actual[index]! - value!);
    const limit = Math.max(absolute, relative * largest);
    assert.ok(difference <= limit, `${message}[${index}]: expected ${value} but found ${actual[index]}`);
  });
}
