// Moves on the text: appending, removing, inspecting a step, and going back and forth. At an earlier step any of them
// starts a branch: the old path stays.
import { drawingOf, isBusy, playOf, questionOf, queueOf, withNext } from "../session/activity.ts";
import { addBranch, currentTip, forkNodes, withTip } from "../session/branches.ts";
import { commit, redo as redone, undo as undone } from "../session/history.ts";
import { NO_STEP } from "../session/new_session.ts";
import { draftIn, QUIET, settle } from "./prompt_moves.ts";
import { ask, askBody, findTakenToken, isCurrent, isFull, isOpen, placeOf } from "../session/question.ts";
import { inspect, inspectedPlaceOf } from "../session/inspection.ts";
import { sayToken } from "../words/spoken.ts";
import { type Choice, choiceOf, recordChoice } from "../session/step_record.ts";
import { climbToDepth, createStep, rootOf } from "../session/tree.ts";
import type { Origin, Session, StepNode, Tree, TreeNode, Waiting } from "../session/types.ts";

/** Bars may be clicked: they belong to this text, and there is room. */
export function canAppend(session: Session): boolean {
  return session.model.state === "ready" && session.enabled && isCurrent(session) && !isFull(session);
}

/** Appends what is shown with this id: at the end of the text, or as a new branch where an earlier step is inspected
 * or the text has ended. The token that the path takes there already leads back to its end. */
export function append(session: Session, id: number, origin: Origin = "chosen"): Session {
  const { answer, pinned } = session;
  const choice = answer === null
    ? undefined
    : choiceOf(answer.dist, id) ?? pinned?.tokens.find((token) => token.id === id);
  return choice === undefined ? session : appendChoice(session, choice, origin);
}

/** As `append`, for a token that need not be among the bars. */
export function appendChoice(session: Session, choice: Choice, origin: Origin = "chosen"): Session {
  const place = placeOf(session);
  const { answer, nextId } = session;
  if (place === null || answer === null || !canAppend(session)) return session;
  if (findTakenToken(session)?.id === choice.id) return inspectStep(session, null);
  const record = recordChoice(choice, answer, origin);
  const node = createStep(nextId, place, record);
  const tree = grow(session, place, node, nextId + 1);
  const moved: Session = { ...settle(session, tree, playOf(session)), nextId: nextId + 2 };
  return ask(moved, "append", `Added ${sayToken(choice.text, choice)}.`);
}

/** The tree with `node` at the end of the path that goes through `place`: the current branch grows, or a new one
 * leaves it there. */
export function grow({ tree }: Session, place: TreeNode, node: StepNode, branchId: number): Tree {
  return currentTip(tree) === place ? withTip(tree, node) : addBranch(tree, branchId, node);
}

/** Step and Greedy make sense: there is a text that can go on here. */
export function canStep(session: Session): boolean {
  return isOpen(session) && (isBusy(session) || isCurrent(session));
}

const MOST_WAITING = 200;

/** Draws a token or appends the most probable one, one per call: a call that comes before the bars waits for them. */
export function step(session: Session, origin: Waiting): Session {
  if (!canStep(session)) return session;
  if (!isCurrent(session)) return enqueue(session, origin);
  if (origin === "greedy") return appendGreedy(session);
  const goesOn = (playOf(session)?.left ?? 0) > 1;
  const body = {
    kind: "step",
    node: session.answer!.node,
    force: null,
    origin,
    stands: null,
    goesOn,
  } as const;
  return askBody({ ...session, lastStep: NO_STEP }, body, "append");
}

function enqueue(session: Session, origin: Waiting): Session {
  const queue = queueOf(session);
  if (queue.length >= MOST_WAITING) return session;
  return { ...session, activity: withNext(session, { queue: [...queue, origin], play: playOf(session) }) };
}

/** Appends the most probable token that is left. */
function appendGreedy(session: Session): Session {
  const { tokens, kept_top } = session.answer!.dist;
  const kept = tokens.filter((token) => token.kept);
  const best = kept.length > 0
    ? kept.reduce((a, b) => b.p_final > a.p_final || (b.p_final === a.p_final && b.id < a.id) ? b : a)
    : kept_top[0] ?? tokens[0];
  return best === undefined ? session : appendChoice(session, best, "greedy");
}

/** Appends the tokens of any text. */
export function forceText(session: Session, text: string): Session {
  const node = placeOf(session);
  if (text === "" || node === null || !isOpen(session) || !isCurrent(session)) return session;
  const body = { kind: "step", node, force: { text }, origin: "forced", stands: null } as const;
  return askBody({ ...session, ...QUIET, inspected: session.inspected }, body, "append");
}

/** Appends the text that the constraint forces. */
export function appendForced(session: Session): Session {
  return forceText(session, session.answer?.dist.constraint?.forced?.text ?? "");
}

/** Whether there is a token to remove. */
export function canRemove({ tree }: Session): boolean {
  return (currentTip(tree)?.depth ?? 0) > 0;
}

/** Deletes the last token. */
export function removeLast(session: Session): Session {
  const tip = currentTip(session.tree);
  if (tip?.kind !== "step") return session;
  const { token } = tip.record;
  const moved = settle(session, withTip(session.tree, tip.parent));
  return ask(moved, "navigate", `Removed ${sayToken(token.text, token)}.`);
}

/** Back to the prompt. */
export function reset(session: Session): Session {
  const tip = currentTip(session.tree);
  if (tip === null || tip.depth === 0) return session;
  return ask(settle(session, withTip(session.tree, rootOf(tip))), "navigate", "Back to the prompt.");
}

/** Shows the bars before a token of the prompt, by its place there; nothing comes before the first one. */
export function inspectPromptToken(session: Session, at: number): Session {
  const tip = currentTip(session.tree);
  const token = tip === null ? undefined : rootOf(tip).read?.tokens[at];
  if (token === undefined || at < 1 || at === inspectedPlaceOf(session)) return session;
  const moved = inspect({ ...session, ...QUIET }, at);
  return ask(moved, "navigate", `Before ${sayToken(token.text, token)}, token ${at + 1} of the prompt.`);
}

/** Goes on to the bars before the token behind the one that is inspected; behind the last one to those of the end. */
export function inspectNext(session: Session, said: string): Session {
  const at = inspectedPlaceOf(session);
  return ask(at === null ? session : inspect(session, at + 1), "navigate", said);
}

/** Shows the bars that a step was drawn from (0 = the first behind the prompt); null: back to the end. */
export function inspectStep(session: Session, at: number | null): Session {
  const tip = currentTip(session.tree);
  if (tip === null || at === session.inspected || (at !== null && (at < 0 || at >= tip.depth))) {
    return session;
  }
  const node = at === null ? null : climbToDepth(tip, at + 1);
  const said = node?.kind === "step"
    ? `Before ${sayToken(node.record.token.text, node.record.token)}, step ${node.depth}.`
    : "Back to the end.";
  return ask({ ...session, ...QUIET, inspected: at }, "navigate", said);
}

/** Goes to another tree; the prompt box follows unless it holds something that was not started. */
function travel(session: Session, moved: Session, said: string): Session {
  if (moved === session) return session;
  return ask({ ...moved, ...QUIET, draft: draftIn(session, moved.tree) }, "navigate", said);
}

/** Back to the tree before the last change. A draw that is on its way is that change, and is broken off. */
export function undo(session: Session): Session {
  if (isDrawing(session)) {
    return ask({ ...session, activity: { kind: "idle", play: null } }, "navigate", "Undone.");
  }
  return travel(session, undone(session), "Undone.");
}

/** A single token was asked for, and is not in the text yet. */
function isDrawing(session: Session): boolean {
  const body = questionOf(session)?.body;
  const asked = body?.kind === "step" && body.stands === null;
  return playOf(session) === null && (asked || drawingOf(session) !== null);
}

/** Takes an undo back. */
export function redo(session: Session): Session {
  return travel(session, redone(session), "Redone.");
}

/** Changes the set of branches; the page follows where another one becomes current. */
export function changeBranches(session: Session, change: (tree: Tree) => Tree, said: string): Session {
  const tree = change(session.tree);
  if (tree === session.tree) return session;
  const stays = currentTip(tree) === currentTip(session.tree);
  if (!stays) return travel(session, settle(session, tree), said);
  return { ...commit(session, tree), announcement: said };
}

/** The steps of the current path where another branch leaves it. */
export function forksOf({ tree }: Session): ReadonlySet<TreeNode> {
  const tip = currentTip(tree);
  return tip === null ? new Set() : forkNodes(tree, tip);
}
