// The gradient of F, held against how F itself moves.
import { strict as assert } from "node:assert";
import type { GradientSession } from "../../../lib/attribution/gradient/session.ts";

const STEP = 0.02;

/** Moves each token's embedding towards another token's in turn; the slope of F must be the gradient's. `vocabulary`:
 * ids below it are used. */
export async function checkSlopes(
  session: GradientSession,
  context: readonly number[],
  vocabulary: number,
): Promise<void> {
  const target = { quantity: "logit", ids: [7], rival: null } as const;
  for (const [place, id] of context.entries()) {
    const baseline = context.map((own, index) => index === place ? (id + 7) % vocabulary : own);
    const points = [0, 1, -1, 2, -2].map((steps) => ({ alpha: 1 + steps * STEP, weight: 0 }));
    const { value, product } = await session.run({ context, target, baseline, points }, ["value", "product"]);
    const [, up, down, up2, down2] = value as unknown as [number, number, number, number, number];
    const slope = (8 * (up - down) - (up2 - down2)) / (12 * STEP); // error of fourth order
    const found = product[place]!; // the others' embeddings are their baselines
    const message = `token ${place}: expected ${slope} but found ${found}`;
    assert.ok(Math.abs(found - slope) <= 0.01 * Math.max(0.1, Math.abs(slope)), message);
  }
}
