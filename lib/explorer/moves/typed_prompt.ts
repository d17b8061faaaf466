// Live: the prompt is read while it is written. Its answer puts it on the page; until then what is there stays, so that
// the next key can break it off.
import { findMissed, idleActivityOf, isBusy, playOf, questionOf } from "../session/activity.ts";
import { addBranch, currentTip, withTip } from "../session/branches.ts";
import { commit } from "../session/history.ts";
import { ask, askBody, isCurrent } from "../session/question.ts";
import { createRoot } from "../session/tree.ts";
import type { PromptSource, Question, RootNode, Session } from "../session/types.ts";
import { draftSource, isDirty, isSameSource, QUIET } from "./prompt_moves.ts";

/** A longer prompt waits for Start: it takes more than half a second, after every pause. */
export const MOST_CHARACTERS = 800;

/** What would be read when the draft rests; null: nothing, it waits for Start. Tokens that were appended are never
 * taken from the page by typing, and a conversation is not read while a turn of it is empty. */
export function findSourceToFollow(session: Session): PromptSource | null {
  const source = draftSource(session.draft);
  const { display, enabled, model, tree, connected } = session;
  if (source === null || !display.live || !enabled || !connected || model.state !== "ready") return null;
  const busy = isBusy(session) && !isTyped(questionOf(session));
  if (busy || playOf(session) !== null || (currentTip(tree)?.depth ?? 0) > 0) return null;
  const whole = source.kind !== "chat" || source.messages.every(({ content }) => content !== "");
  return whole && lengthOf(source) <= MOST_CHARACTERS && isDirty(session) ? source : null;
}

function lengthOf(source: PromptSource): number {
  if (source.kind !== "chat") return source.text.length;
  return source.messages.reduce((sum, { content }) => sum + content.length, 0);
}

/** A draft is read that is on the page only when its answer is there. */
export function isTyped(question: Question | null): boolean {
  return question?.body.kind === "read" && question.body.typed === true;
}

/** The reading of a draft that is open, or that a failure holds up; null: there is none. */
export function findTyped(session: Session): Question | null {
  const question = questionOf(session) ?? findMissed(session)?.question ?? null;
  return isTyped(question) ? question : null;
}

/** True where the draft is still what the question reads, and would be read. */
export function isStillWritten(session: Session, { body }: Question): boolean {
  const source = findSourceToFollow({ ...session, connected: true });
  return body.kind === "read" && source !== null && isSameSource(source, body.root.source);
}

/** Reads the prompt as it is written, when typing has paused. */
export function startTyped(session: Session): Session {
  const source = findSourceToFollow(session);
  if (source === null) return session;
  const root = createRoot(session.nextId, source);
  const next: Session = { ...session, nextId: session.nextId + 1, activity: { kind: "idle", play: null } };
  return askBody(next, { kind: "read", root, kept: null, typed: true }, "auto");
}

/** Breaks off the reading of a draft, or gives up what is held up of it: what is on the page stays. */
export function stopTyped(session: Session): Session {
  if (findTyped(session) === null) return session;
  const rest: Session = { ...session, activity: idleActivityOf(session) };
  return isCurrent(rest) ? rest : ask(rest, "auto");
}

/** Puts a prompt that was typed in the place of the one before. A row of them is one step of history. */
export function placeTyped(session: Session, root: RootNode): Session {
  const { tree, nextId, typedRoot, activity } = session;
  const tip = currentTip(tree);
  const next = tip === null ? addBranch(tree, nextId, root) : withTip(tree, root);
  const moved: Session = { ...session, ...QUIET, activity, nextId: nextId + 1, typedRoot: root.id };
  return tip !== null && tip.id === typedRoot ? { ...moved, tree: next } : commit(moved, next);
}
