// The rule that converges, on functions of alpha that are written down here.
import { strict as assert } from "node:assert";
import { integratedGradients } from "../../../lib/attribution/gradient/methods.ts";
import type { GradientSession, Output } from "../../../lib/attribution/gradient/session.ts";

/** A session over one token, of F and dF/dalpha. */
function sessionOf(f: (alpha: number) => { value: number; slope: number }): GradientSession {
  return {
    vocabSize: 1,
    run(input, want) {
      const of = (name: Output) =>
        Float32Array.from(input.points, ({ alpha, weight }) => {
          const { value, slope } = f(alpha);
          return name === "value" ? value : weight * slope;
        });
      return Promise.resolve(Object.fromEntries(want.map((name) => [name, of(name)])) as never);
    },
    rest: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  };
}

/** A dip of 13 nats around alpha = 0.4, in every decade of the distance down to 2e-6, as F of a language model has them
 * between identical tokens and a text; it ends 0.4 above where it began. `jitter`: what single precision leaves of
 * alpha. */
function dip(alpha: number, jitter: number) {
  const [centre, width] = [0.4, 2e-6];
  const at = alpha + jitter * Math.sin(1e9 * alpha);
  const square = (at - centre) ** 2 + width ** 2;
  return { value: 0.5 * Math.log(square), slope: (at - centre) / square };
}

const LINE = {
  context: [0],
  target: { quantity: "logprob", ids: [0], rival: null },
  baseline: "zero",
} as const;

for (const jitter of [0, 2e-7]) {
  Deno.test(`a dip far deeper than what F changes by is integrated, alpha known to ${jitter}`, async () => {
    const session = sessionOf((alpha) => dip(alpha, jitter));
    const steps = { tolerance: 0.05, budget: 400 };
    const { delta, value, valueAtBaseline, evaluations } = await integratedGradients(session, LINE, {
      steps,
      signed: true,
    });
    const explained = Math.abs(value - valueAtBaseline);
    assert.ok(Math.abs(explained - Math.log(1.5)) < 1e-5);
    assert.ok(Math.abs(delta) <= 0.05 * explained, `delta ${delta} of ${explained} after ${evaluations}`);
    assert.ok(evaluations < 400);
  });
}

Deno.test("errors that cancel out do not pass for none", async () => {
  // Up by 1 between two of the first places, down by 1 between two others: neither is seen by the slopes.
  const long = Math.log1p(1e4);
  const step = (t: number) => 1 / (1 + Math.exp(-t / 1e-3));
  const bump = (alpha: number) => {
    const t = Math.log1p(alpha / 1e-4) / long;
    const [up, down] = [step(t - 0.28), step(t - 0.72)];
    const rise = (up * (1 - up) - down * (1 - down)) / 1e-3;
    return { value: t + up - down, slope: (1 + rise) / (long * (alpha + 1e-4)) };
  };
  const { evaluations } = await integratedGradients(sessionOf(bump), LINE, {
    steps: { tolerance: 0.05, budget: 400 },
    signed: true,
  });
  assert.ok(evaluations > 17 && evaluations < 400, `${evaluations}`);
});
