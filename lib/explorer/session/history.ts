// Undo and redo: whole trees, before and after. A tree shares its nodes with its neighbours, so one step of history
// costs a small list.
import { replaceTips } from "./branches.ts";
import type { Session, Tree, TreeNode } from "./types.ts";

/** Steps that undo remembers. */
export const HISTORY_LIMIT = 500;

export type History = Pick<Session, "tree" | "past" | "future">;

/** Makes `tree` the present one; what was undone before is gone. The same history where nothing changes, and no way
 * back to an empty page. */
export function commit<H extends History>(history: H, tree: Tree): H {
  if (tree === history.tree) return history;
  const nothing = history.tree.branches.length === 0;
  const past = nothing ? history.past : [...history.past, history.tree].slice(-HISTORY_LIMIT);
  return { ...history, tree, past, future: [] };
}

/** Changes the present tree without a step of history: what the server said about what is there. */
export function amend<H extends History>(history: H, from: TreeNode, to: TreeNode): H {
  const change = (tree: Tree) => replaceTips(tree, from, to);
  return {
    ...history,
    tree: change(history.tree),
    past: history.past.map(change),
    future: history.future.map(change),
  };
}

/** The state before; itself where there is none. */
export function undo<H extends History>(history: H): H {
  const tree = history.past.at(-1);
  if (tree === undefined) return history;
  return { ...history, tree, past: history.past.slice(0, -1), future: [history.tree, ...history.future] };
}

/** The state after an undo; itself where there is none. */
export function redo<H extends History>(history: H): H {
  const [tree, ...future] = history.future;
  if (tree === undefined) return history;
  return { ...history, tree, past: [...history.past, history.tree], future };
}

/** Every node that the present, the past or the future can reach, parents before children. */
export function collectReachable({ tree, past, future }: History): Set<TreeNode> {
  const found = new Set<TreeNode>();
  for (const { branches } of [tree, ...past, ...future]) {
    for (const { tip } of branches) {
      const missing: TreeNode[] = [];
      for (let at: TreeNode | null = tip; at !== null && !found.has(at); at = at.parent) missing.push(at);
      missing.reverse().forEach((node) => found.add(node));
    }
  }
  return found;
}
