// The look-ahead tree over the session: what is asked, what is said of it, and the way to a node.
import { readyModel } from "../session/model.ts";
import type { DistResult } from "../../wire/distribution.ts";
import type { Api } from "./api.ts";
import { formatPathProbability, formatTokenCount } from "../words/format.ts";
import { canAppend, grow } from "../moves/path_moves.ts";
import { settle } from "../moves/prompt_moves.ts";
import { ask, placeOf, settingsKeyOf } from "../session/question.ts";
import { bodyOfPreview } from "./request.ts";
import { recordChoice } from "../session/step_record.ts";
import { createStep } from "../session/tree.ts";
import {
  type AheadEnd,
  type AheadGoal,
  aheadIdsOf,
  type AheadTree,
  expandBestFirst,
} from "./tree_expansion.ts";
import type { Session, Settings, StepNode, StepRecord, TreeNode } from "../session/types.ts";

/** What can be asked for. */
export interface AheadChoice {
  readonly depth: number;
  /** Percent of the probability. */
  readonly percent: number;
  readonly budget: number;
}

export const AHEAD_CHOICES = {
  depth: [1, 2, 3, 4, 5, 6, 8],
  percent: [10, 25, 50, 75, 90],
  budget: [20, 50, 100, 300],
} as const;

export const FIRST_AHEAD: AheadChoice = { depth: 3, percent: 50, budget: 50 };

/** A tree and what it belongs to. */
export interface Ahead {
  readonly place: TreeNode;
  readonly settings: Settings;
  readonly modelKey: string | null;
  readonly choice: AheadChoice;
  readonly tree: AheadTree;
  /** Every distribution, by the ids behind the place, joined by commas. */
  readonly dists: ReadonlyMap<string, DistResult>;
  /** Why it ended; null while it is working. */
  readonly end: AheadEnd | "stopped" | null;
}

/** True while the text and the settings are those that the tree was made for. */
export function isAheadCurrent(session: Session, { place, settings, modelKey }: Ahead): boolean {
  return readyModel(session)?.key === modelKey && placeOf(session) === place &&
    settingsKeyOf(session.settings) === settingsKeyOf(settings);
}

/** Where a look ahead can begin; null: there is no text, or nothing to ask. */
export function findAheadPlace(session: Session): TreeNode | null {
  return session.answer !== null && canAppend(session) ? placeOf(session) : null;
}

/** Expands the most probable continuations of `place`, and yields after every answer. Errors of the API come
 * through, an abort too. */
export async function* lookAhead(
  session: Session,
  place: TreeNode,
  choice: AheadChoice,
  { api, signal }: { readonly api: Api; readonly signal: AbortSignal },
): AsyncGenerator<Ahead> {
  const { settings } = session;
  const model = readyModel(session);
  const dists = new Map<string, DistResult>();
  const body = bodyOfPreview(place, settings, [], model?.key ?? null);
  const distributionOf = async (ids: readonly number[]) => {
    const completion_ids = [...body.completion_ids ?? [], ...ids];
    const { dist } = await api.peek({ ...body, completion_ids }, signal, "ahead");
    dists.set(ids.join(), dist);
    return dist;
  };
  const goal: AheadGoal = {
    depth: choice.depth,
    mass: choice.percent / 100,
    budget: choice.budget,
    endIds: new Set(model?.eosId == null ? [] : [model.eosId]),
  };
  const steps = expandBestFirst(distributionOf, goal);
  const common = { place, settings, modelKey: model?.key ?? null, choice, dists };
  let next = await steps.next();
  while (!next.done) {
    const tree = next.value;
    if (signal.aborted) return;
    yield { ...common, tree, end: null };
    next = await steps.next();
    if (next.done) yield { ...common, tree, end: next.value };
  }
}

/** "17 continuations of 3 tokens hold 51.2 % of the probability, after 23 model runs." */
export function aheadSummary({ tree, choice, end }: Ahead): string {
  const complete = tree.nodes.filter(({ state }) => state === "complete").length;
  const found = complete === 0
    ? `No continuation of ${formatTokenCount(choice.depth)} is complete yet`
    : `${complete} continuation${complete === 1 ? "" : "s"} of ${formatTokenCount(choice.depth)} ${
      complete === 1 ? "holds" : "hold"
    } ${formatPathProbability(Math.log(tree.covered))} of the probability`;
  const questions = `${tree.asked} model run${tree.asked === 1 ? "" : "s"}`;
  const why = {
    mass: "",
    budget: " No more runs were allowed.",
    "nothing left": " The candidates that are shown hold no more.",
    stopped: " Stopped.",
  };
  return `${found}, after ${questions}.${end === null ? "" : why[end]}`;
}

/** Goes to a node: its tokens are appended, each with the distribution it was chosen from. */
export function goAhead(session: Session, ahead: Ahead, key: number): Session {
  const { place, tree, dists } = ahead;
  if (!isAheadCurrent(session, ahead) || !canAppend(session)) return session;
  const ids = aheadIdsOf(tree, key);
  let [node, nextId]: [TreeNode, number] = [place, session.nextId];
  ids.forEach((id, at) => {
    const dist = dists.get(ids.slice(0, at).join());
    const record = dist === undefined ? null : recordOf(session, place, dist, id);
    if (record !== null) node = createStep(nextId++, node, record);
  });
  if (node === place) return session;
  const grown = grow(session, place, node as StepNode, nextId);
  const moved = { ...settle(session, grown), nextId: nextId + 1 };
  return ask(moved, "append", `Added ${formatTokenCount(ids.length)}.`);
}

function recordOf(session: Session, node: TreeNode, dist: DistResult, id: number): StepRecord | null {
  const token = dist.tokens.find((each) => each.id === id);
  if (token === undefined) return null;
  const modelKey = readyModel(session)?.key ?? null;
  const { settings } = session;
  const answer = { number: 0, node, key: null, settings, modelKey, ledger: false, dist, warnings: [] };
  const record = recordChoice(token, answer, "chosen");
  return { ...record, confirmed: true, end: id === readyModel(session)?.eosId };
}
