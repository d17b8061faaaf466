import assert from "node:assert/strict";
import fc from "fast-check";
import { comparePaths, measureDivergence } from "../../../lib/explorer/views/compare.ts";
import { joinCharacters, pathText } from "../../../lib/explorer/session/path_text.ts";
import { dist, path, readRoot, step, token } from "../builders.ts";

Deno.test("two paths part at their first different token", () => {
  const root = readRoot(1, 7, 8);
  const shared = path(root, 1);
  const a = step(step(shared, 2, { dist: dist(0.5, 0.5) }), 4, { dist: dist(0.9, 0.1) });
  const b = step(step(shared, 3, { dist: dist(0.5, 0.5) }), 4, { dist: dist(0.1, 0.9) });
  const compared = comparePaths(a, b)!;
  assert.equal(compared.sharedTokens, 3);
  assert.deepEqual(compared.sharedSteps, [1, 1]);
  assert.deepEqual(compared.atSplit, { ab: 0, ba: 0 });
  const bits = 0.9 * Math.log2(9) - 0.1 * Math.log2(9);
  assert.ok(Math.abs(compared.afterSplit!.ab - bits) < 1e-9);
  assert.ok(Math.abs(compared.a.logprob - 3 * Math.log(0.25)) < 1e-12);
  assert.ok(Math.abs(compared.a.bitsPerToken! - 2) < 1e-12);
});

Deno.test("a path and its beginning part at the end, with nothing to compare there", () => {
  const long = path(readRoot(1, 7), 1, 2);
  const compared = comparePaths(long, path(readRoot(1, 7), 1))!;
  assert.equal(compared.sharedTokens, 2);
  assert.equal(compared.atSplit, null);
  assert.equal(comparePaths(long, { ...readRoot(2, 7), read: null }), null);
});

Deno.test("divergence: never negative, 0 for the same, a lower bound under coarser lists", () => {
  const probs = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 4, maxLength: 4 }).map((weights) => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
  fc.assert(fc.property(probs, probs, fc.integer({ min: 1, max: 3 }), (p, q, shown) => {
    const whole = measureDivergence(dist(...p), dist(...q), "final");
    const exact = p.reduce((sum, each, id) => sum + each * Math.log2(each / q[id]!), 0);
    assert.ok(Math.abs(whole - exact) < 1e-9);
    assert.ok(measureDivergence(dist(...p.slice(0, shown)), dist(...q), "final") <= whole + 1e-9);
    assert.ok(Math.abs(measureDivergence(dist(...p), dist(...p), "final")) < 1e-12);
  }));
  assert.equal(measureDivergence(dist(0.5, 0.5), dist(1, 0), "final"), Infinity);
});

Deno.test("divergence: lists that share no token are far apart, yet never further than the distributions", () => {
  const named = (ids: readonly number[], probs: readonly number[]) => {
    const whole = dist(...probs);
    return { ...whole, tokens: whole.tokens.map((token, at) => ({ ...token, id: ids[at]! })) };
  };
  // Over 4 tokens: p = 0.6, 0.3, 0.06, 0.04 and q = 0.04, 0.06, 0.3, 0.6, each showing its two best.
  const bits = measureDivergence(named([0, 1], [0.6, 0.3]), named([3, 2], [0.6, 0.3]), "final");
  const exact = 0.6 * Math.log2(15) + 0.3 * Math.log2(5) + 0.06 * Math.log2(0.2) + 0.04 * Math.log2(1 / 15);
  assert.ok(bits > 1 && bits <= exact, `${bits} of ${exact}`);
});

Deno.test("the texts of a path joined are its text, wherever its characters are cut", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.array(fc.integer({ min: 1, max: 4 })), (text, cuts) => {
      const bytes = [...new TextEncoder().encode(text)];
      const tokens = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const piece = bytes.slice(at, at += cuts[n % Math.max(1, cuts.length)] ?? 1);
        const own = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(piece));
        tokens.push({ ...token(n), text: own, bytes: piece });
      }
      assert.equal(
        joinCharacters(tokens).map((each) => each.text).join(""),
        new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes)),
      );
    }),
  );
});

Deno.test("the text of a prompt that nobody has read is what it was made from", () => {
  assert.equal(pathText({ ...readRoot(1, 7), read: null }), "<7>");
  assert.equal(pathText(path(readRoot(1, 7), 2)), "<7><2>");
});
