// The gradient methods against captum's values in double precision, on every tiny model.
import { strict as assert } from "node:assert";
import {
  CONVERGING,
  inputTimesGradient,
  integratedGradients,
  integrateFixed,
  reducePerToken,
  saliency,
} from "../../../lib/attribution/gradient/methods.ts";
import { gaussLegendre, type Point } from "../../../lib/attribution/gradient/quadrature.ts";
import type { GradientSession } from "../../../lib/attribution/gradient/session.ts";
import type { Target } from "../../../lib/attribution/types.ts";
import { assertClose, type CaseReference, type IgReference, openTiny, referenceCases } from "./references.ts";
import { TINY } from "../references.ts";

/** Captum's `riemann_trapezoid`: its weights add up to (n - 1) / n. */
function trapezoid(n: number): Point[] {
  return Array.from({ length: n }, (_, k) => ({
    alpha: k / (n - 1),
    weight: (k === 0 || k === n - 1 ? 0.5 : 1) / n,
  }));
}

async function checkIg(
  session: GradientSession,
  { ids, baseline_token_id: token }: CaseReference,
  target: Target,
  row: IgReference,
): Promise<void> {
  const what = `${row.of} ${row.baseline} ${row.rule} ${row.n_steps}`;
  const points = row.rule === "gausslegendre" ? gaussLegendre(row.n_steps) : trapezoid(row.n_steps);
  const line = {
    context: ids,
    target,
    baseline: row.baseline === "zero" ? "zero" : ids.map(() => token),
  } as const;
  const { path, valueAtContext, valueAtBaseline } = await integrateFixed(session, line, points);
  const width = path.length / ids.length;
  assertClose(reducePerToken(path, width, true), row.sum, 1e-3, `${what} sum`);
  assertClose(reducePerToken(path, width, false), row.l2, 1e-3, `${what} l2`);
  assertClose([valueAtContext - valueAtBaseline], [row.f_x_minus_f_baseline], 1e-3, `${what} F(x) - F(b)`);
}

for (const model of TINY) {
  Deno.test(`integrated gradients of ${model} with fixed points are captum's, value by value`, async () => {
    const session = await openTiny(model);
    try {
      for (const [at, reference] of referenceCases(model).entries()) {
        // Rules of many points on one text: the points are the same on every other.
        const affordable = (rows: readonly IgReference[]) =>
          rows.filter((row) => at === 0 || row.n_steps <= 20);
        for (const { id, ig } of reference.targets) {
          for (const row of affordable(ig)) {
            await checkIg(session, reference, { quantity: row.of, ids: [id], rival: null }, row);
          }
        }
        const { target, rival, ig = [] } = reference.contrast;
        for (const row of affordable(ig)) {
          await checkIg(session, reference, { quantity: "logit", ids: [target], rival }, row);
        }
      }
    } finally {
      await session.dispose();
    }
  });
}

Deno.test("saliency is the gradient's length; input times gradient has a length and a signed sum", async () => {
  const session = await openTiny("tiny-llama-gqa");
  try {
    const { ids, targets: [target] } = referenceCases("tiny-llama-gqa")[2]!;
    const text = { context: ids, target: { quantity: "logprob", ids: [target!.id], rival: null } } as const;
    const expected = target!.grad.logprob;
    assertClose((await saliency(session, text)).scores, expected.l2, 1e-3, "l2");
    assertClose(
      (await inputTimesGradient(session, text, { signed: false })).scores,
      expected.gxi_l2,
      1e-3,
      "gxi",
    );
    assertClose(
      (await inputTimesGradient(session, text, { signed: true })).scores,
      expected.dot,
      1e-3,
      "dot",
    );
  } finally {
    await session.dispose();
  }
});

Deno.test("points placed where F moves bring the error within 5 %, where 50 fixed ones do not", async () => {
  const session = await openTiny("tiny-llama-decomposed");
  try {
    const seen: number[] = [];
    let better = 0;
    for (const { ids, targets: [target] } of referenceCases("tiny-llama-decomposed")) {
      const line = {
        context: ids,
        target: { quantity: "logprob", ids: [target!.id], rival: null },
        baseline: "zero",
      } as const;
      const progress = (done: number) => void seen.push(done);
      const fixed = await integratedGradients(session, line, { steps: 50, signed: true });
      const placed = await integratedGradients(session, line, { steps: CONVERGING, signed: true }, {
        progress,
      });
      const explained = Math.abs(placed.value - placed.valueAtBaseline);
      assert.ok(Math.abs(placed.delta) <= 0.05 * explained, `delta ${placed.delta} of ${explained}`);
      assert.ok(placed.evaluations <= 400);
      if (Math.abs(placed.delta) < Math.abs(fixed.delta)) better++;
    }
    assert.ok(better >= 3);
    assert.ok(seen.length > 0 && seen.every((done) => done > 0));
  } finally {
    await session.dispose();
  }
});

Deno.test("what leaves single precision is an error, and an abort stops a run", async () => {
  const session = await openTiny("tiny-llama-gqa");
  try {
    const { ids } = referenceCases("tiny-llama-gqa")[0]!;
    const target = { quantity: "logit", ids: [3], rival: null } as const;
    const line = { context: ids, target, baseline: "zero" } as const;
    const beyond = [{ alpha: 1e39, weight: 1 }];
    await assert.rejects(integrateFixed(session, line, beyond), /left the range of single precision/);
    const stop = new AbortController();
    const options = { steps: 200, signed: true };
    const run = integratedGradients(session, line, options, {
      signal: stop.signal,
      progress: () => stop.abort(),
    });
    await assert.rejects(run, { name: "AbortError" });
  } finally {
    await session.dispose();
  }
});

Deno.test("Gauss-Legendre points integrate polynomials up to twice their number", () => {
  for (const n of [1, 2, 5, 20, 50, 200]) {
    for (const degree of [0, 1, 2 * n - 1]) {
      const integral = gaussLegendre(n).reduce((sum, { alpha, weight }) => sum + weight * alpha ** degree, 0);
      assert.ok(Math.abs(integral - 1 / (degree + 1)) < 1e-12, `n ${n}, degree ${degree}`);
    }
  }
});
