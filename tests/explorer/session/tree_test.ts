import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addBranch,
  currentBranch,
  currentTip,
  deleteBranch,
  EMPTY_TREE,
  forkNodes,
  measureShared,
  placeBranches,
  renameBranch,
  switchBranch,
  withTip,
} from "../../../lib/explorer/session/branches.ts";
import {
  amend,
  collectReachable,
  commit,
  type History,
  redo,
  undo,
} from "../../../lib/explorer/session/history.ts";
import {
  climbToDepth,
  createStep,
  nodeOfBars,
  pathIdsOf,
  pathLogprobOf,
  stepsOf,
} from "../../../lib/explorer/session/tree.ts";
import type { Tree, TreeNode } from "../../../lib/explorer/session/types.ts";
import { path, readRoot, record, step } from "../builders.ts";

interface World extends History {
  readonly nextId: number;
}
type Act =
  | { kind: "append" | "branch"; token: number; depth: number }
  | { kind: "remove" | "undo" | "redo" | "root" }
  | { kind: "switch" | "delete"; index: number }
  | { kind: "rename"; index: number; name: string };

const ACTS: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom("append", "branch"), token: fc.nat(5), depth: fc.nat(6) }),
  fc.record({ kind: fc.constantFrom("remove", "undo", "redo", "root") }),
  fc.record({ kind: fc.constantFrom("switch", "delete"), index: fc.nat(6) }),
  fc.record({ kind: fc.constant("rename" as const), index: fc.nat(6), name: fc.string({ maxLength: 8 }) }),
);
const EMPTY: World = { tree: EMPTY_TREE, past: [], future: [], nextId: 1 };

function act(world: World, { kind, ...more }: Act): World {
  const { tree, nextId } = world;
  const tip = currentTip(tree);
  const { token = 0, depth = 0, index = 0, name = "" } = more as Record<string, never>;
  const branch = tree.branches[index % Math.max(1, tree.branches.length)]?.id ?? -1;
  const to = (next: Tree) => commit({ ...world, nextId: nextId + 2 }, next);
  switch (kind) {
    case "root":
      return to(addBranch(tree, nextId, readRoot(nextId + 1, 7, 8)));
    case "append":
      return tip === null ? world : to(withTip(tree, createStep(nextId, tip, record(token))));
    case "branch": {
      if (tip === null) return world;
      return to(addBranch(tree, nextId, createStep(nextId + 1, climbToDepth(tip, depth), record(token))));
    }
    case "remove":
      return tip?.parent == null ? world : to(withTip(tree, tip.parent));
    case "switch":
      return to(switchBranch(tree, branch));
    case "delete":
      return to(deleteBranch(tree, branch));
    case "rename":
      return to(renameBranch(tree, branch, name));
    case "undo":
      return undo(world);
    case "redo":
      return redo(world);
  }
}

function holds({ tree, past, future, nextId }: World): void {
  for (const { branches, current } of [tree, ...past, ...future]) {
    assert.equal(new Set(branches.map((branch) => branch.id)).size, branches.length, "one id, one branch");
    assert.ok(branches.length === 0 ? current === null : branches.some(({ id }) => id === current));
    for (const { tip, name } of branches) {
      assert.notEqual(name.trim(), "");
      let depth = tip.depth;
      for (let at: TreeNode = tip; at.kind === "step"; at = at.parent) {
        assert.equal(at.depth, depth--);
        assert.ok(at.id < nextId);
      }
      assert.equal(depth, 0);
      assert.deepEqual(stepsOf(tip).map((each) => each.depth), stepsOf(tip).map((_, at) => at + 1));
    }
  }
  const ids = [...collectReachable({ tree, past, future })].map((node) => node.id);
  assert.equal(new Set(ids).size, ids.length, "one id, one node");
}

Deno.test("whatever is done, a tree stays a tree and ids stay unique", () => {
  fc.assert(fc.property(fc.array(ACTS, { maxLength: 60 }), (acts) => {
    holds(acts.reduce(act, EMPTY));
  }));
});

Deno.test("undo and redo lead back and forth over every move", () => {
  fc.assert(fc.property(fc.array(ACTS, { maxLength: 40 }), (acts) => {
    const world = acts.reduce(act, EMPTY);
    const trees = [...world.past, world.tree, ...world.future];
    let back = world;
    for (let n = world.past.length - 1; n >= 0; n--) {
      back = undo(back);
      assert.equal(back.tree, trees[n]);
    }
    assert.equal(undo(back), back, "nothing before the first");
    let forth = back;
    for (let n = 1; n < trees.length; n++) {
      forth = redo(forth);
      assert.equal(forth.tree, trees[n]);
    }
    assert.equal(redo(forth), forth);
    assert.deepEqual([...forth.past, forth.tree], trees);
  }));
});

Deno.test("no node is lost: what was on the page is reachable until undo forgets it", () => {
  fc.assert(fc.property(fc.array(ACTS, { maxLength: 40 }), (acts) => {
    let world = EMPTY;
    for (const each of acts) {
      const before = world;
      world = act(world, each);
      if (each.kind === "undo" || each.kind === "redo" || world === before) continue;
      const reachable = collectReachable(world);
      const tip = currentTip(before.tree);
      if (tip !== null) assert.ok(reachable.has(tip));
    }
  }));
});

Deno.test("a branch shares what it has in common, and its place in the tree says where it left", () => {
  const root = readRoot(1, 7);
  const main = path(root, 1, 2, 3);
  let tree = addBranch(EMPTY_TREE, 10, main);
  tree = addBranch(tree, 11, step(climbToDepth(main, 1), 9));
  tree = addBranch(tree, 12, step(step(climbToDepth(main, 1), 9), 4));
  tree = addBranch(tree, 13, path(readRoot(2, 7), 1));
  assert.deepEqual(
    placeBranches(tree).map((
      { branch, parent, forkDepth, level },
    ) => [branch.name, parent, forkDepth, level]),
    [["Main", null, 0, 0], ["Branch B", 10, 1, 1], ["Branch C", 11, 2, 2], ["Branch D", null, 0, 0]],
  );
  assert.equal(measureShared(tree.branches[2]!.tip, main), 1);
  assert.deepEqual([...forkNodes(tree, main)], [climbToDepth(main, 1)]);
});

Deno.test("a deleted branch leaves its neighbour current, and the last one stays", () => {
  const main = readRoot(1, 7);
  let tree = addBranch(addBranch(EMPTY_TREE, 1, main), 2, path(main, 3));
  tree = deleteBranch(tree, 2);
  assert.equal(currentBranch(tree)?.id, 1);
  assert.equal(deleteBranch(tree, 1), tree);
  assert.equal(addBranch(tree, 3, main).branches.at(-1)?.name, "Branch B", "a free name is used again");
});

Deno.test("a prompt that is read changes in the past and in the future too", () => {
  const unread = { ...readRoot(1, 7), read: null };
  const history = undo(
    commit(commit({ ...EMPTY }, addBranch(EMPTY_TREE, 1, unread)), addBranch(EMPTY_TREE, 2, unread)),
  );
  const read = readRoot(1, 7);
  const amended = amend(history, unread, read);
  assert.equal(currentTip(amended.tree), read);
  assert.equal(currentTip(redo(amended).tree), read);
});

Deno.test("ids, probability and the place of the bars of a path", () => {
  const tip = path(readRoot(1, 7, 8), 1, 2);
  assert.deepEqual(pathIdsOf(tip), { prompt: [7, 8], completion: [1, 2] });
  assert.ok(Math.abs(pathLogprobOf(tip) - Math.log(0.25 * 0.25)) < 1e-12);
  assert.equal(nodeOfBars(tip), tip);
  const end = step(tip, 5, { end: true });
  assert.equal(nodeOfBars(end), tip);
});
