// What is shown of a look-ahead tree: the branches that matter, its answers with their bounds, and a table of all of
// it.
import type { DistToken } from "../../wire/distribution.ts";
import { type AheadNode, type AheadTree, pickMostProbable } from "./tree_expansion.ts";
import { csvText, escapeFormula } from "../words/csv.ts";

/** Children are drawn until they hold this share of their parent's probability. */
const ENOUGH = 0.9;

/** The nodes to draw, parents before children: of each parent the most probable children until they hold 90 % of it,
 * and never more than `most` in all; the rest of them is one node "+7". `opened`: parents whose children are all
 * drawn. */
export function chooseNodes(tree: AheadTree, opened: ReadonlySet<number | null>, most: number): AheadNode[] {
  const wanted = new Set(pickMostProbable(tree, most).map(({ key }) => key));
  const children = Map.groupBy(tree.nodes, ({ parent }) => parent);
  const shown: AheadNode[] = [];
  const visit = (parent: number | null, probability: number) => {
    const all = children.get(parent) ?? [];
    let mass = 0;
    let at = 0;
    for (; at < all.length; at++) {
      const child = all[at]!;
      const alone = at === all.length - 1; // "+1" would take the same room
      if (!alone && !opened.has(parent) && (mass >= ENOUGH * probability || !wanted.has(child.key))) break;
      mass += child.probability;
      shown.push(child);
      visit(child.key, child.probability);
    }
    if (at < all.length) shown.push(moreOf(parent, all.slice(at), probability));
  };
  visit(null, 1);
  return shown;
}

/** "+7" in the place of siblings that are not drawn; its key is not one of the tree's. */
function moreOf(parent: number | null, rest: readonly AheadNode[], probability: number): AheadNode {
  const mass = rest.reduce((sum, each) => sum + each.probability, 0);
  const text = `+${rest.length}`;
  const token: DistToken = {
    ...rest[0]!.token,
    id: -1,
    text,
    display: text,
    special: false,
    p_final: mass / probability,
  };
  return { key: moreKey(parent), parent, token, depth: rest[0]!.depth, probability: mass, state: "more" };
}

/** The key of "+7" under a parent, and back. */
const moreKey = (parent: number | null) => -2 - (parent ?? -1);
export const parentOfMore = (key: number): number | null => key === -1 ? null : -2 - key;

/** What counts as one answer: the whole text of a continuation, or its first word. */
export type AnswerKind = "text" | "word";

export interface AheadAnswer {
  readonly text: string;
  /** Probability of all continuations that were found with it: it has at least so much. */
  readonly least: number;
  /** Continuations. */
  readonly count: number;
}

export interface AheadAnswers {
  /** The most probable first. */
  readonly answers: readonly AheadAnswer[];
  /** What is not explored, or not decided yet: any answer has at most so much more. */
  readonly rest: number;
}

/** Groups a tree by answer. A node decides its answer where it is complete, or where its first word is; everything
 * behind it belongs to it, so its probability counts once. */
export function answersOf(tree: AheadTree, kind: AnswerKind): AheadAnswers {
  const children = Map.groupBy(tree.nodes, ({ parent }) => parent);
  const found = new Map<string, { least: number; count: number }>();
  const visit = (parent: number | null, before: string) => {
    for (const node of children.get(parent) ?? []) {
      const text = node.token.special ? before : before + node.token.text;
      const answer = node.state === "complete"
        ? answerOf(text, kind)
        : kind === "word"
        ? readDecidedWord(text)
        : null;
      if (answer === null) {
        visit(node.key, text);
        continue;
      }
      const { least, count } = found.get(answer) ?? { least: 0, count: 0 };
      found.set(answer, { least: least + node.probability, count: count + 1 });
    }
  };
  visit(null, "");
  const answers = [...found].map(([text, bounds]) => ({ text, ...bounds })).sort((a, b) => b.least - a.least);
  return { answers, rest: Math.max(0, 1 - answers.reduce((sum, { least }) => sum + least, 0)) };
}

function answerOf(text: string, kind: AnswerKind): string {
  const whole = text.trim();
  return kind === "text" ? whole : /^[\p{L}\p{M}\p{N}'’-]+/u.exec(whole)?.[0] ?? whole;
}

/** The first word, where something behind it ends it; null where it may go on. */
function readDecidedWord(text: string): string | null {
  return /^\s*([\p{L}\p{M}\p{N}'’-]+)(?=[^\p{L}\p{M}\p{N}'’-])/u.exec(text)?.[1] ?? null;
}

/** Every node as a row. */
export function aheadCsv(tree: AheadTree): string {
  const head = ["node", "parent", "depth", "id", "token", "continuation", "p", "together", "state"];
  const texts = new Map<number | null, string>([[null, ""]]);
  return csvText(
    head,
    tree.nodes.map(({ key, parent, depth, token, probability, state }) => {
      const text = (texts.get(parent) ?? "") + token.text;
      texts.set(key, text);
      return [
        key,
        parent,
        depth,
        token.id,
        escapeFormula(token.text),
        escapeFormula(text),
        token.p_final,
        probability,
        state,
      ];
    }),
  );
}
