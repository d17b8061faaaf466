import assert from "node:assert/strict";
import fc from "fast-check";
import { branchRows, pickForCompare } from "../../../lib/explorer/views/branch_view.ts";
import { formatPathProbability } from "../../../lib/explorer/words/format.ts";
import type { Tree } from "../../../lib/explorer/session/types.ts";
import { path, readRoot } from "../builders.ts";
import { sampleTree } from "../../gallery/exploration.ts";

Deno.test("probabilities of paths are written by the rule of all percentages", () => {
  const written = [1, 0.9996, 0.182, 0.0031, 0.00047, 0.00001, 3.1e-8].map((p) =>
    formatPathProbability(Math.log(p))
  );
  assert.deepEqual(written, ["100 %", "100 %", "18.2 %", "0.3 %", "0.047 %", "0.001 %", "3.1×10⁻⁶ %"]);
  assert.equal(formatPathProbability(-Infinity), "0 %");
});

Deno.test("a path of any length has a probability that can be read", () => {
  fc.assert(fc.property(fc.double({ min: -1e5, max: 0, noNaN: true }), (logprob) => {
    const written = formatPathProbability(logprob);
    const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    const [, mantissa, exponent] = /^(\d\.\d)×10⁻([⁰¹²³⁴⁵⁶⁷⁸⁹]+) %$/.exec(written) ?? [];
    if (mantissa === undefined) return assert.match(written, /^\d+(\.\d+)? %$/);
    const power = Number([...exponent!].map((digit) => digits.indexOf(digit)).join(""));
    const log10 = Math.log10(Number(mantissa)) - power - 2;
    assert.ok(Math.abs(log10 - logprob / Math.LN10) < 0.025, written);
    assert.ok(Number(mantissa) >= 1 && Number(mantissa) < 10, written);
  }));
});

Deno.test("rows stand behind their parents and say what they go on with", () => {
  const rows = branchRows(sampleTree());
  assert.deepEqual(rows.map(({ name, level, preview }) => [name, level, preview]), [
    ["Main", 0, "the view"],
    ["Quiet version", 1, "… sound of the waves at night. ⏎ <|im_end|>"],
    ["Branch D", 2, "… your own </script><b>voice</b>"],
    ["Branch C", 1, "that you can hear the sea"],
  ]);
  assert.equal(rows[1]!.origin, "leaves Main after 1 token, with 19.9 percent");
  assert.equal(rows[1]!.share, 0.199);
  assert.deepEqual(rows.map(({ current }) => current), [true, false, false, false]);
});

Deno.test("lines lead from every parent to its last child and no further", () => {
  const rows = branchRows(sampleTree());
  assert.deepEqual(rows.map(({ stem, goesOn, rails }) => [stem, goesOn, rails]), [
    [true, false, []],
    [true, true, [true]],
    [false, false, [true, false]],
    [false, false, [false]],
  ]);
});

Deno.test("a path without tokens shows its prompt and no probability; the only path stays", () => {
  const [main] = sampleTree().branches;
  let root = main!.tip;
  while (root.kind === "step") root = root.parent;
  const tree: Tree = { branches: [{ ...main!, tip: root }], current: main!.id };
  const [row] = branchRows(tree);
  assert.equal(row!.preview, "The best thing about living by the sea is");
  assert.equal(row!.probability, "");
  assert.equal(row!.canDelete, false);
});

Deno.test("two paths are picked at most: the newest press stays, a second press takes back", () => {
  assert.deepEqual(pickForCompare([], 1), [1]);
  assert.deepEqual(pickForCompare([1, 2], 3), [2, 3]);
  assert.deepEqual(pickForCompare([1, 2], 1), [2]);
  const rows = branchRows(sampleTree(), [103, 102]);
  assert.deepEqual(rows.map(({ picked }) => picked), [null, "2", null, "1"]);
});

Deno.test("paths with prompts of their own show where the prompts differ, and what follows", () => {
  const prompt = (id: number, text: string) => ({
    ...readRoot(id, 1),
    source: { kind: "text", text } as const,
  });
  const tree: Tree = {
    branches: [
      { id: 1, name: "Main", tip: path(prompt(10, "The cat sat on the mat"), 4, 5) },
      { id: 2, name: "Branch B", tip: path(prompt(20, "The cat sat on a chair"), 4, 5) },
      { id: 3, name: "Branch C", tip: prompt(30, "The cat ran") },
    ],
    current: 1,
  };
  assert.deepEqual(branchRows(tree).map(({ preview }) => preview), [
    "… sat on the mat ▸ <4><5>",
    "… sat on a chair ▸ <4><5>",
    "… ran",
  ]);
  const [main] = tree.branches;
  const inner = { id: 4, name: "Branch D", tip: main!.tip.parent! };
  const rows = branchRows({ branches: [main!, inner], current: 1 });
  assert.equal(rows[1]!.preview, "1 token of Main");
});
