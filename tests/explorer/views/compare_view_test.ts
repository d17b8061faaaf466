import assert from "node:assert/strict";
import { comparePaths } from "../../../lib/explorer/views/compare.ts";
import { compareView } from "../../../lib/explorer/views/compare_view.ts";
import type { TreeNode } from "../../../lib/explorer/session/types.ts";
import { sampleTree } from "../../gallery/exploration.ts";
import { dist, readRoot, step } from "../builders.ts";

function tipOf(name: string): TreeNode {
  return sampleTree().branches.find((branch) => branch.name === name)!.tip;
}

function viewOf(a: TreeNode, b: TreeNode) {
  return compareView(comparePaths(a, b)!, { a: "First", b: "Second" });
}

Deno.test("the first different token of each path is marked, with a few shared ones before it", () => {
  const tree = sampleTree();
  const [quiet, ocean] = [tree.branches[1]!.tip, tree.branches[3]!.tip];
  const view = viewOf(quiet, ocean);
  const words = (side: typeof view.a) =>
    side.tokens.map(({ rendering, parting }) => `${parting ? "!" : ""}${rendering.spoken}`);
  assert.deepEqual(words(view.a).slice(0, 4), ["space the", "space sound", "space of", "!space the"]);
  assert.deepEqual(words(view.b).slice(0, 4), ["space the", "space sound", "space of", "!space your"]);
  assert.equal(view.a.cut, false);
  assert.equal(view.steps[0]!.step, 4);
  assert.equal(view.parting, "They part at step 4: 40.0 % in First, 40.0 % in Second.");
});

Deno.test("a path that goes on and two equal ones are told apart", () => {
  const tip = tipOf("Quiet version");
  assert.equal(viewOf(tip, tip).parting, "Both paths say the same.");
  assert.equal(viewOf(tip, tip).steps.length, 0);
  const parent = tip.kind === "step" ? tip.parent : tip;
  assert.equal(viewOf(tip, parent).parting, "First goes on where Second ends, after 9 tokens.");
  assert.equal(viewOf(parent, tip).parting, "Second goes on where First ends, after 9 tokens.");
});

Deno.test("divergences are 0 from one distribution, and told in both directions otherwise", () => {
  const root = readRoot(1, 5, 6);
  const same = dist(0.5, 0.25, 0.25);
  const [a, b] = [step(root, 0, { dist: same }), step(root, 1, { dist: same })];
  const view = viewOf(step(a, 2, { dist: dist(0.5, 0.5) }), step(b, 2, { dist: dist(0.75, 0.25) }));
  assert.deepEqual(view.facts.map(({ value }) => value), [
    "the same",
    "differ by at least 0.21 bits (1 ‖ 2), 0.19 bits (2 ‖ 1)",
  ]);
});
