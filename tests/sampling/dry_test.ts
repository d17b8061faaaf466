// DRY's breakers over several tokens, by llama.cpp's rule: repeats reach back to the last breaker's end.
import assert from "node:assert/strict";
import { distOf } from "../../lib/sampling/dist.ts";
import { dry } from "../../lib/sampling/stages/dry.ts";

const HISTORY = [1, 2, 3, 4, 5, 9, 1, 2, 3, 4]; // 5 would go on with a repeat of 1 2 3 4
const SETTINGS = { multiplier: 1, base: 2, allowedLength: 2, lastN: 0, breakers: [] };

/** The repeat that 5 is held to have; 0: it is not lowered. */
function lengthWith(
  runs: readonly (readonly number[])[],
  more: Partial<typeof SETTINGS> = {},
): number {
  const textBreaks = (id: number) => runs.filter(([head]) => head === id).map(([, ...rest]) => rest);
  const dist = dry(distOf(new Float32Array(12)), HISTORY, { ...SETTINGS, ...more, textBreaks });
  const lowered = -dist.logits[5]!;
  return lowered > 0 ? Math.log2(lowered) + SETTINGS.allowedLength : 0;
}

Deno.test("a repeat reaches no further back than the last run of tokens that is a breaker", () => {
  assert.equal(lengthWith([]), 4);
  assert.equal(lengthWith([[1, 2]]), 2);
  assert.equal(lengthWith([[2, 3]]), 0, "one token is left, fewer than two are free");
  assert.equal(lengthWith([[9, 1]]), 3);
  assert.equal(lengthWith([[2, 4], [4, 5]]), 4, "neither stands at the end");
  assert.equal(lengthWith([[1], [1, 2]]), 2, "the longest of those that begin alike");
  assert.equal(lengthWith([[9, 1]], { breakers: [1] as never }), 3);
  assert.equal(lengthWith([], { lastN: 9 }), 3, "of what is looked at");
  assert.equal(lengthWith([[9, 1, 2]], { lastN: 9 }), 2);
  assert.equal(lengthWith([[5]]), 0, "a breaker is never lowered");
});
