import assert from "node:assert/strict";
import fc from "fast-check";
import { scoreOf } from "../../lib/sampling/score.ts";
import { entropyBits, softmax } from "./plain.ts";
import { anyLogits } from "./settings.ts";

Deno.test("a score is what the distribution says of the token", () => {
  fc.assert(fc.property(anyLogits, fc.nat(), (logits, some) => {
    const id = some % logits.length;
    const probs = softmax(logits);
    const { logprob, rank, entropyBits: entropy } = scoreOf(logits, id);
    assert.ok(Math.abs(Math.exp(logprob) - probs[id]!) < 1e-12);
    assert.equal(rank, logits.filter((logit) => logit > logits[id]!).length);
    assert.ok(Math.abs(entropy - entropyBits(probs)) < 1e-9);
  }));
});

Deno.test("an impossible token has log-probability -Infinity; log-probabilities do not underflow", () => {
  assert.equal(scoreOf(Float32Array.of(1, -Infinity), 1).logprob, -Infinity);
  assert.equal(scoreOf(Float32Array.of(0, -2000), 1).logprob, -2000);
  const { scale, ...score } = scoreOf(Float32Array.of(3, -Infinity), 0);
  assert.deepEqual(score, { logprob: 0, rank: 0, entropyBits: 0 });
  assert.deepEqual(scale, { max: 3, logSum: 0 });
});
