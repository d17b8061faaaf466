// The default answers against the published app's own numbers, and where that app is wrong (positions of a chat that it
// drops), against the same formulas over all positions.
import assert from "node:assert/strict";
import type { AttributionResult } from "../../lib/wire/attribution.ts";

const METHODS = ["attention", "saliency", "input_x_gradient", "integrated_gradients"] as const;
const SHORT = 10; // tokens
type Scores = Readonly<Record<typeof METHODS[number], readonly number[]>>;

interface Case {
  readonly name: string;
  readonly ids: readonly number[];
  readonly target: number;
  readonly methods: Readonly<Record<typeof METHODS[number], { readonly shown: readonly (number | null)[] }>>;
  readonly unfiltered: Scores; // all positions, not normalised
}

const { cases } = JSON.parse(
  await Deno.readTextFile(new URL("../fixtures/refs/smollm2/inseq.json", import.meta.url)),
) as { cases: readonly Case[] };

function close(found: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(found.length, expected.length, what);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, at) => {
    const off = Math.abs(found[at]! - value);
    assert.ok(off <= 1e-2 * largest, `${what}, token ${at}: ${found[at]} for ${value}`);
  });
}

/** Asserts that the bundled model's default answers are the published app's, one score for each token of the context.
 * `ask` answers a request. */
export async function checkInseq(ask: (body: Record<string, unknown>) => Promise<AttributionResult>) {
  for (const { name, ids, target, methods, unfiltered } of cases) {
    for (const method of METHODS) {
      // Fifty gradients each: where the method drops positions is seen with the cheaper ones.
      if (method === "integrated_gradients" && ids.length > SHORT) continue;
      const answer = await ask({ prompt_ids: ids, target_token_id: target, method });
      assert.equal(answer.context_len, ids.length);
      assert.equal(answer.target_id, target);
      const all = unfiltered[method];
      const sum = all.reduce((total, value) => total + value, 0);
      close(answer.attributions, all.map((value) => value / sum), `${name} ${method}`);
      close(answer.attributions.map((score) => score * answer.scale), all, `${name} ${method}, scaled back`);
      const shown = methods[method].shown.slice(0, -1); // the last one is the target's own, which has no score
      if (shown.length === ids.length) {
        close(answer.attributions, shown as number[], `${name} ${method}, shown`);
      }
    }
  }
}
