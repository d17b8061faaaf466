// Gradients of whole models: against PyTorch's, and for every file against the slope of F itself.
import type { GradientRun } from "../../../lib/attribution/gradient/session.ts";
import type { Target } from "../../../lib/attribution/types.ts";
import { goldenFiles } from "../../runners/goldens.ts";
import { assertClose, openTiny, referenceCases, type Scores } from "./references.ts";
import { TINY } from "../references.ts";
import { checkSlopes } from "./slope.ts";

const WANT = ["gradientNorm", "product", "productNorm"] as const;

function at(context: readonly number[], target: Target): GradientRun {
  return { context, target, baseline: "zero", points: [{ alpha: 1, weight: 1 }] };
}

for (const model of TINY) {
  Deno.test(`gradients of ${model} are those of its reference, for every quantity and contrast`, async () => {
    const session = await openTiny(model);
    try {
      for (const { name, ids, targets, contrast } of referenceCases(model)) {
        const check = async (target: Target, expected: Scores) => {
          const found = await session.run(at(ids, target), WANT);
          assertClose(found.gradientNorm, expected.l2, 1e-4, `${name} l2`);
          assertClose(found.product, expected.dot, 1e-4, `${name} dot`);
          assertClose(found.productNorm, expected.gxi_l2, 1e-4, `${name} gxi_l2`);
        };
        for (const { id, grad } of targets) {
          for (const quantity of ["logprob", "logit", "prob"] as const) {
            await check({ quantity, ids: [id], rival: null }, grad[quantity]);
          }
        }
        await check({ quantity: "logit", ids: [contrast.target], rival: contrast.rival }, contrast.grad);
      }
    } finally {
      await session.dispose();
    }
  });
}

for (const { model, file, cases } of goldenFiles()) {
  Deno.test(`gradient of ${model}/${file}: the slope of F as each token's embedding moves`, async () => {
    const session = await openTiny(model, file);
    try {
      await checkSlopes(session, cases[0]!.ids.slice(0, 9), 300);
    } finally {
      await session.dispose();
    }
  });
}

Deno.test("a span's gradient is the sum of its tokens' gradients, and its value their log-probabilities' sum", async () => {
  const session = await openTiny("tiny-qwen3");
  try {
    const context = referenceCases("tiny-qwen3")[1]!.ids.slice(0, 6);
    const span = [11, 5, 42];
    const target = (ids: number[]): Target => ({ quantity: "logprob", ids, rival: null });
    const whole = await session.run(at(context, target(span)), ["value", "product"]);
    let value = 0;
    const product = new Float64Array(context.length + span.length - 1);
    for (const [index, id] of span.entries()) {
      const read = [...context, ...span.slice(0, index)];
      const single = await session.run(at(read, target([id])), ["value", "product"]);
      value += single.value[0]!;
      single.product.forEach((score, token) => product[token] = product[token]! + score);
    }
    assertClose(whole.value, [value], 1e-5, "value");
    assertClose(whole.product, [...product], 1e-4, "product");
  } finally {
    await session.dispose();
  }
});
