import assert from "node:assert/strict";
import fc from "fast-check";
import type { DistResult } from "../../../lib/wire/distribution.ts";
import {
  type AheadGoal,
  aheadIdsOf,
  type AheadTree,
  expandBestFirst,
  pickMostProbable,
} from "../../../lib/explorer/asking/tree_expansion.ts";
import { dist } from "../builders.ts";

const NEVER = new Set<number>();

async function expanded(
  distributionOf: (ids: readonly number[]) => Promise<DistResult>,
  goal: AheadGoal,
): Promise<{ trees: AheadTree[]; end: string }> {
  const trees: AheadTree[] = [];
  const steps = expandBestFirst(distributionOf, goal);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { trees, end: value };
    trees.push(value);
  }
}

/** Another distribution of three tokens for every text. */
function varied(seed: number) {
  return (ids: readonly number[]) => {
    const mix = ids.reduce((sum, id) => (sum * 31 + id + 7) % 97, seed % 97) / 97;
    const first = 0.4 + 0.5 * mix;
    const second = (1 - first) * 0.7;
    return Promise.resolve(dist(first, second, 1 - first - second));
  };
}

Deno.test("the most probable open continuation is always asked for next", async () => {
  await fc.assert(fc.asyncProperty(fc.nat(1000), fc.integer({ min: 1, max: 4 }), async (seed, depth) => {
    const asked: number[][] = [];
    const distributionOf = (ids: readonly number[]) => {
      asked.push([...ids]);
      return varied(seed)(ids);
    };
    const goal = { depth, mass: 0.9, budget: 30, endIds: NEVER };
    const { trees } = await expanded(distributionOf, goal);
    trees.slice(0, -1).forEach((tree, at) => {
      const open = tree.nodes.filter(({ state }) => state === "open");
      const best = Math.max(...open.map(({ probability }) => probability));
      const next = tree.nodes.find(({ key }) => `${aheadIdsOf(tree, key)}` === `${asked[at + 1]}`)!;
      assert.equal(next.probability, best);
    });
  }));
});

Deno.test("it stops as soon as complete continuations hold the mass", async () => {
  const goal = { depth: 2, mass: 0.6, budget: 100, endIds: NEVER };
  const { trees, end } = await expanded(varied(5), goal);
  assert.equal(end, "mass");
  assert.ok(trees.at(-1)!.covered >= 0.6);
  assert.ok(trees.at(-2)!.covered < 0.6);
  const complete = trees.at(-1)!.nodes.filter(({ state }) => state === "complete");
  const sum = complete.reduce((total, { probability }) => total + probability, 0);
  assert.ok(Math.abs(sum - trees.at(-1)!.covered) < 1e-12);
  assert.deepEqual([...new Set(complete.map(({ depth }) => depth))], [2]);
});

Deno.test("the budget counts distributions, the first one too", async () => {
  const { trees, end } = await expanded(varied(1), { depth: 9, mass: 1, budget: 4, endIds: NEVER });
  assert.equal(end, "budget");
  assert.equal(trees.at(-1)!.asked, 4);
});

Deno.test("a token that ends the text completes its continuation; then nothing is left", async () => {
  const goal = { depth: 5, mass: 1, budget: 50, endIds: new Set([0, 1, 2]) };
  const { trees, end } = await expanded(() => Promise.resolve(dist(0.5, 0.3, 0.1)), goal);
  assert.equal(end, "nothing left");
  assert.equal(trees.length, 1);
  assert.ok(Math.abs(trees[0]!.covered - 0.9) < 1e-12);
});

Deno.test("an error of the server comes through", async () => {
  const goal = { depth: 2, mass: 1, budget: 5, endIds: NEVER };
  await assert.rejects(expanded(() => Promise.reject(new Error("gone")), goal), /gone/);
});

Deno.test("the most probable part of a tree has every parent of its nodes", async () => {
  const { trees } = await expanded(varied(3), { depth: 4, mass: 0.95, budget: 25, endIds: NEVER });
  const tree = trees.at(-1)!;
  for (let most = 1; most <= tree.nodes.length; most++) {
    const nodes = pickMostProbable(tree, most);
    assert.equal(nodes.length, most);
    const keys = new Set(nodes.map(({ key }) => key));
    assert.ok(nodes.every(({ parent }) => parent === null || keys.has(parent)));
  }
});
