// Looking ahead: the most probable continuations, best first, until a chosen share of the probability is covered.
//
// The tree's leaves are continuations; the probability of a node is the product of its tokens'. A continuation is
// complete when it has `depth` tokens or ended the text. Always the most probable open node is asked for its
// children: a node is never less probable than what follows it, so whatever is more probable is known already.
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import { orderTokens } from "../views/dist_rows.ts";

export interface AheadNode {
  /** Place in `AheadTree.nodes`. */
  readonly key: number;
  /** Null: a first token. */
  readonly parent: number | null;
  readonly token: DistToken;
  readonly depth: number; // 1 = a first token
  /** Of the whole continuation up to here. */
  readonly probability: number;
  /** `more`: no token, but those of its siblings that are not drawn. */
  readonly state: "open" | "expanded" | "complete" | "more";
}

export interface AheadTree {
  /** Parents before children; siblings by probability. */
  readonly nodes: readonly AheadNode[];
  /** Probability of all complete continuations together. */
  readonly covered: number;
  /** Distributions that were asked for, the first one included. */
  readonly asked: number;
}

export interface AheadGoal {
  /** Tokens of a complete continuation. */
  readonly depth: number;
  /** Share of the probability to cover, 0..1. */
  readonly mass: number;
  /** Distributions to ask for at most. */
  readonly budget: number;
  /** Tokens that end the text. */
  readonly endIds: ReadonlySet<number>;
}

export type AheadEnd = "mass" | "budget" | "nothing left";

const NOTHING: AheadTree = { nodes: [], covered: 0, asked: 0 };

/** The tree after the answer about `parent` (null: about the end of the text itself). */
export function growTree(
  tree: AheadTree,
  parent: number | null,
  dist: DistResult,
  goal: AheadGoal,
): AheadTree {
  const base = parent === null ? null : tree.nodes[parent] ?? null;
  const [depth, probability] = [(base?.depth ?? 0) + 1, base?.probability ?? 1];
  const children = orderTokens(dist).kept.filter(({ p_final }) => p_final > 0);
  const nodes: AheadNode[] = tree.nodes.map((node) =>
    node.key === parent ? { ...node, state: "expanded" } : node
  );
  let { covered } = tree;
  for (const token of children) {
    const complete = depth >= goal.depth || goal.endIds.has(token.id);
    const own = probability * token.p_final;
    nodes.push({
      key: nodes.length,
      parent,
      token,
      depth,
      probability: own,
      state: complete ? "complete" : "open",
    });
    if (complete) covered += own;
  }
  return { nodes, covered, asked: tree.asked + 1 };
}

/** The open node with the highest probability; null where all are complete or expanded. */
function findBestOpen({ nodes }: AheadTree): AheadNode | null {
  let best: AheadNode | null = null;
  for (const node of nodes) {
    if (node.state === "open" && node.probability > (best?.probability ?? 0)) best = node;
  }
  return best;
}

/** Ids from a first token to `key`. */
export function aheadIdsOf({ nodes }: AheadTree, key: number): number[] {
  const ids: number[] = [];
  for (
    let node = nodes[key];
    node !== undefined;
    node = node.parent === null ? undefined : nodes[node.parent]
  ) {
    ids.unshift(node.token.id);
  }
  return ids;
}

/** Asks for one distribution after the other until the goal is reached, and yields the tree after each answer; returns
 * why it stopped. `distributionOf` gets the ids behind the end of the text; its errors (an abort too) come through. */
export async function* expandBestFirst(
  distributionOf: (ids: readonly number[]) => Promise<DistResult>,
  goal: AheadGoal,
): AsyncGenerator<AheadTree, AheadEnd> {
  let tree = growTree(NOTHING, null, await distributionOf([]), goal);
  yield tree;
  for (;;) {
    if (tree.covered >= goal.mass) return "mass";
    if (tree.asked >= goal.budget) return "budget";
    const best = findBestOpen(tree);
    if (best === null) return "nothing left";
    tree = growTree(tree, best.key, await distributionOf(aheadIdsOf(tree, best.key)), goal);
    yield tree;
  }
}

/** The `most` most probable nodes: parents are never less probable than their children, so the tree stays whole. */
export function pickMostProbable({ nodes }: AheadTree, most: number): AheadNode[] {
  return nodes.toSorted((a, b) => b.probability - a.probability || a.depth - b.depth || a.key - b.key)
    .slice(0, most)
    .sort((a, b) => a.key - b.key);
}
