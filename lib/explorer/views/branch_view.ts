// The tree of all paths as rows: names, what each goes on with, how probable it is, and the lines between them.
import { type BranchPlace, placeBranches } from "../session/branches.ts";
import { formatPathProbability, formatPercent, formatTokenCount, sayNumber } from "../words/format.ts";
import { joinCharacters, pathText } from "../session/path_text.ts";
import { climbToDepth, pathLogprobOf, rootOf, stepsOf } from "../session/tree.ts";
import type { BranchId, PromptSource, Tree, TreeNode } from "../session/types.ts";

/** Of two compared paths, the first or the second picked. Never letters: paths are called "Branch B". */
export type PathMark = "1" | "2";

export interface BranchRow {
  readonly id: BranchId;
  readonly name: string;
  /** What it says from the place where it left its parent. */
  readonly preview: string;
  readonly tokens: string;
  /** Of all its tokens together: "18.2 %", "3.1×10⁻⁸ %"; "" where it has none. */
  readonly probability: string;
  readonly level: number;
  /** For every level to the left: a line passes through this row. */
  readonly rails: readonly boolean[];
  /** A child of this row is drawn below it. */
  readonly stem: boolean;
  /** A later child of the same parent follows further down. */
  readonly goesOn: boolean;
  /** 0..1: the probability of the token with which it left its parent; the width of the line to it. */
  readonly share: number;
  /** "leaves Main after 2 tokens, with 19.9 percent"; "" for a prompt of its own. */
  readonly origin: string;
  readonly current: boolean;
  readonly canDelete: boolean;
  readonly picked: PathMark | null;
}

/** Indentation stops here: deeper branches stay readable on a phone. */
const DEEPEST = 6;
const PREVIEW_CHARACTERS = 160;

/** Every branch behind its parent; `picked`: those that are compared, the first one is "1". */
export function branchRows(tree: Tree, picked: readonly BranchId[] = []): BranchRow[] {
  const places = placeBranches(tree);
  const levels = places.map(({ level }) => Math.min(level, DEEPEST));
  const prompts = distinguishPrompts(places.filter(({ parent }) => parent === null));
  return places.map((place, at) => ({
    ...wordsOf(place, places, prompts.get(place.branch.id) ?? ""),
    level: levels[at]!,
    rails: Array.from({ length: levels[at]! }, (_, level) => isFollowed(levels, at, level + 1)),
    stem: levels[at + 1] === levels[at]! + 1,
    goesOn: isFollowed(levels, at, levels[at]!),
    current: place.branch.id === tree.current,
    canDelete: places.length > 1,
    picked: markOfPicked(picked, place.branch.id),
  }));
}

/** A row further down stands at `level` before one stands further left. */
function isFollowed(levels: readonly number[], at: number, level: number): boolean {
  const next = levels.slice(at + 1).find((other) => other <= level);
  return level > 0 && next === level;
}

function markOfPicked(picked: readonly BranchId[], id: BranchId): PathMark | null {
  const at = picked.indexOf(id);
  return at === 0 ? "1" : at === 1 ? "2" : null;
}

type Words = Pick<BranchRow, "id" | "name" | "preview" | "tokens" | "probability" | "share" | "origin">;

function wordsOf(
  { branch, parent, forkDepth }: BranchPlace,
  places: readonly BranchPlace[],
  prompt: string,
): Words {
  const { id, name, tip } = branch;
  const fork = forkDepth < tip.depth ? climbToDepth(tip, forkDepth + 1) : null;
  const share = parent === null || fork?.kind !== "step" ? 1 : fork.record.p;
  const from = places.find((place) => place.branch.id === parent)?.branch.name ?? "";
  const words = `leaves ${from} after ${formatTokenCount(forkDepth)}, with ${
    sayNumber(formatPercent(share))
  } percent`;
  return {
    id,
    name,
    preview: parent === null ? previewOfOwn(tip, prompt) : previewOf(tip, forkDepth, from),
    tokens: formatTokenCount(tip.depth),
    probability: tip.depth === 0 ? "" : formatPathProbability(pathLogprobOf(tip)),
    share,
    origin: parent === null ? "" : words,
  };
}

/** Where several paths begin with prompts of their own: what their prompts do not share, by branch. */
function distinguishPrompts(own: readonly BranchPlace[]): ReadonlyMap<BranchId, string> {
  const texts = own.map(({ branch: { tip } }) => promptOf(rootOf(tip).source));
  if (new Set(texts).size < 2) return new Map();
  const words = texts.map((text) => text.split(/(?<=\s)/));
  let same = 0;
  while (words.every((each) => each[same] !== undefined && each[same] === words[0]![same])) same++;
  return new Map(own.map(({ branch: { id } }, at) => {
    const rest = toOneLine(words[at]!.slice(same).join(""));
    return [id, same === 0 ? rest : `… ${rest}`];
  }));
}

/** A prompt's text; of a conversation what the last turn says. */
function promptOf(source: PromptSource): string {
  return source.kind !== "chat" ? source.text : source.messages.at(-1)?.content ?? "";
}

/** What a path with a prompt of its own says. `prompt`: the part of it that others do not have. */
function previewOfOwn(tip: TreeNode, prompt: string): string {
  const behind = previewOf(tip, 0, "");
  if (prompt === "") return behind;
  return tip.depth === 0 ? prompt : `${prompt} ▸ ${behind}`;
}

/** The text behind the first `from` tokens on one line; of a path without tokens its prompt. `parent`: the path that
 * has those tokens too. */
function previewOf(tip: TreeNode, from: number, parent: string): string {
  const path = joinCharacters(stepsOf(tip).map((step) => step.record.token)).slice(from);
  const text = path.map((token) => token.text).join("");
  const line = toOneLine(text);
  if (line === "") {
    return tip.depth === 0
      ? toOneLine(pathText(tip)) || "the empty text"
      : `${formatTokenCount(from)} of ${parent}`;
  }
  return from === 0 ? line : `… ${line}`;
}

function toOneLine(text: string): string {
  const marked = text.replace(/\r?\n/g, " ⏎ ").replace(/\s+/g, " ").trim();
  return [...marked].slice(0, PREVIEW_CHARACTERS).join("");
}

/** The branches to compare after a press on `id`: at most two, the newest press wins, a second press takes back. */
export function pickForCompare(picked: readonly BranchId[], id: BranchId): readonly BranchId[] {
  if (picked.includes(id)) return picked.filter((other) => other !== id);
  return [...picked, id].slice(-2);
}
