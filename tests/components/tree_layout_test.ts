import assert from "node:assert/strict";
import { layOutTree } from "../../components/branches/tree_layout.ts";
import type { AheadNode } from "../../lib/explorer/asking/tree_expansion.ts";
import { dist } from "../explorer/builders.ts";

const token = dist(1).tokens[0]!;
const node = (key: number, parent: number | null, depth: number): AheadNode => ({
  ...{ key, parent, depth, token },
  probability: 0.5,
  state: "open",
});

Deno.test("the most probable way is the first row; below it every leaf has a row of its own", () => {
  const { placed, root, height } = layOutTree([
    ...[node(0, null, 1), node(1, null, 1)],
    ...[node(2, 0, 2), node(3, 0, 2), node(4, 1, 2)],
  ]);
  const y = placed.map((each) => each.y);
  const at = (key: number) => placed.find((each) => each.node.key === key)!;
  assert.deepEqual([at(0).y, at(2).y], [root.y, root.y]);
  assert.deepEqual([at(3).y, at(4).y].map((each) => each > root.y), [true, true]);
  assert.ok(at(4).y > at(3).y);
  assert.equal(at(1).y, at(4).y);
  assert.ok(Math.max(...y) < height);
  assert.ok(at(0).x > root.x && at(2).x > at(0).x);
  assert.deepEqual(at(3).from, { x: at(0).x, y: at(0).y });
});
