// Paths with names: which there are, which is current, and how they hang together. A branch is a leaf of the tree, or
// a place on another branch's path.
import { climbToDepth, rootOf } from "./tree.ts";
import type { Branch, BranchId, Tree, TreeNode } from "./types.ts";

export const EMPTY_TREE: Tree = { branches: [], current: null };

/** The branch on the page; null where the page is empty. */
export function currentBranch(tree: Tree): Branch | null {
  return tree.branches.find((branch) => branch.id === tree.current) ?? null;
}

/** The end of the current path; null where the page is empty. */
export function currentTip(tree: Tree): TreeNode | null {
  return currentBranch(tree)?.tip ?? null;
}

/** The current branch ends elsewhere. */
export function withTip(tree: Tree, tip: TreeNode): Tree {
  return mapBranches(tree, (branch) => branch.id === tree.current ? { ...branch, tip } : branch);
}

/** A new branch, which becomes the current one. */
export function addBranch(tree: Tree, id: BranchId, tip: TreeNode, name = freeName(tree)): Tree {
  return { branches: [...tree.branches, { id, name, tip }], current: id };
}

/** Every branch that ends at `from` ends at `to`: a prompt that was read, a token that was confirmed. Children of
 * `from` keep their parent, so it must have none. */
export function replaceTips(tree: Tree, from: TreeNode, to: TreeNode): Tree {
  return mapBranches(tree, (branch) => branch.tip === from ? { ...branch, tip: to } : branch);
}

/** Makes another branch the current one; an unknown id changes nothing. */
export function switchBranch(tree: Tree, id: BranchId): Tree {
  return tree.branches.some((branch) => branch.id === id) && tree.current !== id
    ? { ...tree, current: id }
    : tree;
}

const LONGEST_NAME = 60; // characters

/** A new name, trimmed; the same tree where there is nothing left of it. */
export function renameBranch(tree: Tree, id: BranchId, name: string): Tree {
  const short = [...name.trim()].slice(0, LONGEST_NAME).join("");
  if (short === "") return tree;
  return mapBranches(
    tree,
    (branch) => branch.id === id && branch.name !== short ? { ...branch, name: short } : branch,
  );
}

/** Without a branch; its neighbour becomes current where it was. The last one stays. */
export function deleteBranch(tree: Tree, id: BranchId): Tree {
  const at = tree.branches.findIndex((branch) => branch.id === id);
  if (at < 0 || tree.branches.length === 1) return tree;
  const branches = tree.branches.filter((branch) => branch.id !== id);
  if (tree.current !== id) return { ...tree, branches };
  return { branches, current: branches[Math.max(0, at - 1)]!.id };
}

function mapBranches(tree: Tree, change: (branch: Branch) => Branch): Tree {
  const branches = tree.branches.map(change);
  return branches.every((branch, at) => branch === tree.branches[at]) ? tree : { ...tree, branches };
}

/** "Main", then "Branch B" to "Branch Z", then "Branch 27" and on. */
function freeName(tree: Tree): string {
  const taken = new Set(tree.branches.map((branch) => branch.name));
  for (let n = 1;; n++) {
    const name = n === 1 ? "Main" : `Branch ${n <= 26 ? String.fromCharCode(64 + n) : n}`;
    if (!taken.has(name)) return name;
  }
}

/** Number of completion tokens that two paths begin with alike; null where their prompts differ. */
export function measureShared(a: TreeNode, b: TreeNode): number | null {
  if (rootOf(a) !== rootOf(b)) return null;
  let shared = Math.min(a.depth, b.depth);
  let [atA, atB] = [climbToDepth(a, shared), climbToDepth(b, shared)];
  while (atA !== atB && atA.kind === "step" && atB.kind === "step") {
    if (atA.record.token.id !== atB.record.token.id) shared = atA.depth - 1;
    [atA, atB] = [atA.parent, atB.parent];
  }
  return shared;
}

/** A branch as the tree of all paths shows it. */
export interface BranchPlace {
  readonly branch: Branch;
  /** The branch it left; null: it begins with a prompt of its own. */
  readonly parent: BranchId | null;
  /** Completion tokens that it shares with its parent. */
  readonly forkDepth: number;
  /** Depth in the tree of branches, 0 = no parent. */
  readonly level: number;
}

/** All branches, each behind its parent, in the order they were made. A branch leaves the one that shares the most
 * tokens with it, the oldest of those. */
export function placeBranches(tree: Tree): BranchPlace[] {
  const parents = tree.branches.map((branch, at) => {
    let best: { parent: BranchId; shared: number } | null = null;
    for (const older of tree.branches.slice(0, at)) {
      const shared = measureShared(branch.tip, older.tip);
      if (shared !== null && shared > (best?.shared ?? -1)) best = { parent: older.id, shared };
    }
    return best;
  });
  const placed: BranchPlace[] = [];
  const place = (parent: BranchId | null, level: number) => {
    tree.branches.forEach((branch, at) => {
      const from = parents[at] ?? null;
      if ((from?.parent ?? null) !== parent) return;
      placed.push({ branch, parent, forkDepth: from?.shared ?? 0, level });
      place(branch.id, level + 1);
    });
  };
  place(null, 0);
  return placed;
}

/** The nodes of a path where another branch goes on differently: the strip marks them. */
export function forkNodes(tree: Tree, tip: TreeNode): ReadonlySet<TreeNode> {
  const forks = new Set<TreeNode>();
  for (const { tip: other } of tree.branches) {
    const shared = other === tip ? null : measureShared(tip, other);
    if (shared === null || shared >= other.depth) continue;
    const fork = climbToDepth(tip, shared);
    if (shared < tip.depth) forks.add(fork);
  }
  return forks;
}
