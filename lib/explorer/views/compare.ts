// Two paths side by side: where they part, how probable each is, how far apart their distributions are.
import { countCommonPrefix } from "../../basics/common_prefix.ts";
import type { DistResult } from "../../wire/distribution.ts";
import { bitsPerTokenOf, pathIdsOf, pathLogprobOf, stepsOf } from "../session/tree.ts";
import type { StepNode, TreeNode } from "../session/types.ts";

export interface ComparedPath {
  /** Completion tokens; those before `Comparison.sharedSteps` are the same in both. */
  readonly steps: readonly StepNode[];
  readonly logprob: number; // natural, of the completion
  readonly bitsPerToken: number | null;
}

/** Kullback-Leibler divergences in bits, of A from B and of B from A. */
export interface Divergence {
  readonly ab: number;
  readonly ba: number;
}

export interface Comparison {
  readonly a: ComparedPath;
  readonly b: ComparedPath;
  /** Tokens, prompt included, that both begin with. */
  readonly sharedTokens: number;
  /** Completion tokens of A and of B among them. */
  readonly sharedSteps: readonly [number, number];
  /** Between the distributions that the first different tokens were drawn from, under their settings: 0 where only
   * the draw differs. Null where one path has no token there. */
  readonly atSplit: Divergence | null;
  /** Between what the model expects behind those two tokens: how much the choice matters. Null where one path ends
   * with it. */
  readonly afterSplit: Divergence | null;
}

/** Compares two paths by their ids; null while the prompt of one is not read. */
export function comparePaths(a: TreeNode, b: TreeNode): Comparison | null {
  const [idsA, idsB] = [pathIdsOf(a), pathIdsOf(b)];
  if (idsA === null || idsB === null) return null;
  const [allA, allB] = [[...idsA.prompt, ...idsA.completion], [...idsB.prompt, ...idsB.completion]];
  const shared = countCommonPrefix(allA, allB);
  const at = [shared - idsA.prompt.length, shared - idsB.prompt.length] as const;
  const [pathA, pathB] = [describePath(a), describePath(b)];
  const between = (behind: number, kind: "final" | "raw") =>
    divergenceOf(pathA.steps[at[0] + behind], pathB.steps[at[1] + behind], kind);
  return {
    a: pathA,
    b: pathB,
    sharedTokens: shared,
    sharedSteps: [Math.max(0, at[0]), Math.max(0, at[1])],
    atSplit: between(0, "final"),
    afterSplit: between(1, "raw"),
  };
}

function describePath(node: TreeNode): ComparedPath {
  return { steps: stepsOf(node), logprob: pathLogprobOf(node), bitsPerToken: bitsPerTokenOf(node) };
}

function divergenceOf(
  a: StepNode | undefined,
  b: StepNode | undefined,
  kind: "final" | "raw",
): Divergence | null {
  const [distA, distB] = [a?.record.dist, b?.record.dist];
  if (!distA || !distB) return null;
  return { ab: measureDivergence(distA, distB, kind), ba: measureDivergence(distB, distA, kind) };
}

/** KL(p || q) in bits, from below. The lists show the most probable tokens only, so the vocabulary is taken in three
 * parts: tokens in both lists one by one, tokens in p's list alone together, the rest together; merging parts never
 * adds to a divergence (data processing inequality). What q gives to the second part is unknown but bounded, because
 * a token that q's list leaves out is no more probable there than the least one it shows, and all of them have what
 * the list leaves; of what is possible the value that makes the sum smallest counts. Infinite where q excludes what p
 * allows. */
export function measureDivergence(p: DistResult, q: DistResult, kind: "final" | "raw"): number {
  const key = kind === "final" ? "p_final" : "p_raw";
  const shown = new Map(q.tokens.map((token) => [token.id, token[key]]));
  let [sum, onlyP, count, restP, restQ] = [0, 0, 0, 1, 1];
  for (const token of p.tokens) {
    const other = shown.get(token.id);
    restP -= token[key];
    if (other === undefined) {
      onlyP += token[key];
      count += token[key] > 0 ? 1 : 0;
    } else {
      sum += termOf(token[key], other);
      restQ -= other;
    }
  }
  const [left, open] = [dropRounding(restP), dropRounding(restQ)];
  if (onlyP === 0) return Math.max(0, sum + termOf(left, open));
  const listed = [...shown.values()].filter((value) => value > 0);
  const unlisted = dropRounding(listed.reduce((rest, value) => rest - value, 1));
  const given = Math.min(open * onlyP / (onlyP + left), count * Math.min(...listed), unlisted);
  return Math.max(0, sum + termOf(onlyP, given) + termOf(left, open - given));
}

/** What is left of 1 after many subtractions: rounding must not look like probability. */
function dropRounding(rest: number): number {
  return rest < 1e-9 ? 0 : rest;
}

function termOf(p: number, q: number): number {
  if (p <= 0) return 0;
  return q <= 0 ? Infinity : p * Math.log2(p / q);
}
