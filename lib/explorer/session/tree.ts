// Walks over the nodes of paths. A node knows only its parent: everything else is found by going up.
import type { PromptSource, RootNode, StepNode, StepRecord, TreeNode } from "./types.ts";

/** A prompt that the server has not read yet. */
export function createRoot(id: number, source: PromptSource): RootNode {
  return { kind: "root", id, parent: null, depth: 0, source, read: null };
}

/** A token behind `parent`. */
export function createStep(id: number, parent: TreeNode, record: StepRecord): StepNode {
  return { kind: "step", id, parent, depth: parent.depth + 1, record };
}

/** The prompt that a node belongs to. */
export function rootOf(node: TreeNode): RootNode {
  let at = node;
  while (at.kind === "step") at = at.parent;
  return at;
}

/** The tokens behind the prompt, first to last. */
export function stepsOf(node: TreeNode): StepNode[] {
  const steps = new Array<StepNode>(node.depth);
  for (let at = node; at.kind === "step"; at = at.parent) steps[at.depth - 1] = at;
  return steps;
}

/** The node of a path with so many tokens behind the prompt; the tip where it has fewer. */
export function climbToDepth(tip: TreeNode, depth: number): TreeNode {
  let at = tip;
  while (at.kind === "step" && at.depth > depth) at = at.parent;
  return at;
}

export interface PathIds {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** The ids of a path; null while its prompt is not read. */
export function pathIdsOf(node: TreeNode): PathIds | null {
  const { read } = rootOf(node);
  if (read === null) return null;
  return {
    prompt: read.tokens.map((token) => token.id),
    completion: stepsOf(node).map((step) => step.record.token.id),
  };
}

/** Number of tokens of a path, prompt included; null while its prompt is not read. */
export function countPathTokens(node: TreeNode): number | null {
  const { read } = rootOf(node);
  return read === null ? null : read.tokens.length + node.depth;
}

/** True where the last token ends the text. */
export function hasEnded(node: TreeNode): boolean {
  return node.kind === "step" && node.record.end;
}

/** The place whose next token the bars show: the end of the path, or before the token that ended its text. */
export function nodeOfBars(tip: TreeNode): TreeNode {
  return tip.kind === "step" && tip.record.end ? tip.parent : tip;
}

/** Natural logarithm of a path's probability: the model's own, or under the settings of each step where that was not
 * told. -Infinity where a token was forced that the settings had removed and the model's own is unknown. */
export function pathLogprobOf(node: TreeNode): number {
  return stepsOf(node).reduce((sum, { record }) => sum + Math.log(record.pRaw ?? record.p), 0);
}

/** Bits of surprise per token of a completion; null where there is none. */
export function bitsPerTokenOf(node: TreeNode): number | null {
  return node.depth === 0 ? null : -pathLogprobOf(node) / Math.LN2 / node.depth + 0;
}
