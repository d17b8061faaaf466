// Moves on the prompt: writing it, and beginning a text with it. Every move takes the session and returns the next
// one; the same session comes back where a move is not possible.
import { addBranch, currentTip, EMPTY_TREE, withTip } from "../session/branches.ts";
import { addMessage, type Chat, withReply } from "../session/chat_model.ts";
import { commit } from "../session/history.ts";
import { NO_STEP } from "../session/new_session.ts";
import { completionText } from "../session/path_text.ts";
import { ask, askBody } from "../session/question.ts";
import { createRoot, hasEnded, rootOf, stepsOf } from "../session/tree.ts";
import type {
  Draft,
  KeptCompletion,
  Playing,
  PromptSource,
  Session,
  StepNode,
  Tree,
} from "../session/types.ts";

/** What the draft would begin a text with; null = nothing is written. */
export function draftSource({ mode, text, chat }: Draft): PromptSource | null {
  if (mode === "text") return text === "" ? null : { kind: "text", text };
  const { messages, open } = chat;
  return messages.some(({ content }) => content !== "") ? { kind: "chat", messages, open } : null;
}

/** True where both begin the same text. */
export function isSameSource(a: PromptSource | null, b: PromptSource | null): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What a draft holds that was made from a source. */
function toWritable(source: PromptSource | null): PromptSource | null {
  if (source?.kind !== "tokens") return source;
  return source.text === "" ? null : { kind: "text", text: source.text };
}

/** The source of the current text; null = the page is empty. */
function currentSource({ tree }: Pick<Session, "tree">): PromptSource | null {
  const tip = currentTip(tree);
  return tip === null ? null : rootOf(tip).source;
}

/** The draft says something else than the text that was started. */
export function isDirty(session: Session): boolean {
  return !isSameSource(draftSource(session.draft), toWritable(currentSource(session)));
}

/** Writes the prompt's text; nothing is asked. */
export function editText(session: Session, text: string): Session {
  return { ...session, draft: { ...session.draft, text } };
}

/** Writes the prompt's conversation; nothing is asked. */
export function editChat(session: Session, chat: Chat): Session {
  return { ...session, draft: { ...session.draft, chat } };
}

/** The conversation that the current text could go on with: it was started from the messages as they stand, and
 * something was written behind them. */
export function canReply(session: Session): boolean {
  const tip = currentTip(session.tree);
  return tip?.kind === "step" && rootOf(tip).source.kind === "chat" && !isDirty(session);
}

/** The reply becomes a message, and an empty turn of the user waits behind it; Start reads it. */
export function takeReply(session: Session): Session {
  const tip = currentTip(session.tree);
  if (tip === null || !canReply(session)) return session;
  const { source } = rootOf(tip);
  if (source.kind !== "chat") return session;
  const reply = completionText(hasEnded(tip) && tip.parent !== null ? tip.parent : tip);
  const said = `The reply is message ${source.messages.length + 1} now. Write the next turn.`;
  return { ...editChat(session, withReply(source, reply)), announcement: said };
}

/** Takes every path and the prompt from the page; Undo brings the paths back. */
export function clear(session: Session): Session {
  if (session.tree.branches.length === 0) return session;
  const draft = { ...session.draft, text: "", chat: { messages: [], open: true } };
  return ask(settle({ ...session, draft }, EMPTY_TREE), "start", "Cleared. Undo brings the paths back.");
}

/** Text or Chat. What is written in the other mode stays there. */
export function setMode(session: Session, mode: Draft["mode"]): Session {
  if (mode === session.draft.mode) return session;
  const { chat } = session.draft;
  const messages = chat.messages.length === 0 ? addMessage(chat) : chat;
  return { ...session, draft: { ...session.draft, mode, chat: messages } };
}

/** The draft that a text was started with; what is written in the other mode stays. */
export function draftOf(source: PromptSource | null, draft: Draft): Draft {
  if (source === null) return draft.mode === "text" ? { ...draft, text: "" } : draft;
  if (source.kind !== "chat") return { ...draft, mode: "text", text: source.text };
  return { ...draft, mode: "chat", chat: { messages: source.messages, open: source.open } };
}

/** Begins a new text with the draft; an empty draft empties the page. A path that has tokens stays as a branch, a
 * prompt that has none is replaced. `keepsCompletion`: the completion goes on behind the new prompt, token for
 * token. */
export function start(session: Session, keepsCompletion = false): Session {
  if (session.model.state !== "ready" || !session.enabled) return session;
  const tip = currentTip(session.tree);
  const dirty = isDirty(session);
  const source = dirty ? draftSource(session.draft) : currentSource(session);
  if (source === null) return tip === null ? session : ask(settle(session, leaveTree(session.tree)), "start");
  if (!dirty && tip?.depth === 0) return ask({ ...session, ...QUIET, typedRoot: null }, "start");
  const kept: KeptCompletion = keepsCompletion && tip !== null && tip.depth > 0
    ? { steps: stepsOf(tip).map(asForced) }
    : null;
  return begin(session, source, kept, "start");
}

/** The same step behind another prompt: there its token was neither drawn nor chosen. */
function asForced(step: StepNode): StepNode {
  return { ...step, record: { ...step.record, origin: "forced" } };
}

function leaveTree(tree: Tree): Tree {
  return tree.branches.length === 0 ? EMPTY_TREE : { ...tree, current: null };
}

/** A new text, as a branch of its own unless the current one has no tokens yet. */
export function begin(
  session: Session,
  source: PromptSource,
  kept: KeptCompletion,
  reason: "start" | "auto",
): Session {
  const { tree, nextId } = session;
  const tip = currentTip(tree);
  const root = createRoot(nextId, source);
  const fresh = tip !== null && tip.depth === 0 && kept === null;
  const next = fresh ? withTip(tree, root) : addBranch(tree, nextId + 1, root);
  const moved = settle({ ...session, nextId: nextId + 2 }, next);
  return askBody(moved, { kind: "read", root, kept }, reason);
}

/** What any move on the text ends: what is open with the server, waiting draws, Play, the inspection. */
export const QUIET = {
  activity: { kind: "idle", play: null },
  inspected: null,
  lastStep: NO_STEP,
} as const satisfies Partial<Session>;

/** Makes a tree the present one, with nothing going on but `play`. The prompt box follows unless it holds something
 * that was not started. */
export function settle(session: Session, tree: Tree, play: Playing | null = null): Session {
  const draft = draftIn(session, tree);
  return commit({ ...session, ...QUIET, draft, activity: { kind: "idle", play } }, tree);
}

/** What the prompt box holds when another tree is the present one. */
export function draftIn(session: Session, tree: Tree): Draft {
  const source = currentSource({ tree });
  const same = source === currentSource(session);
  return same || isDirty(session) ? session.draft : draftOf(source, session.draft);
}

/** The current text, read by the present model: a new branch; ids of another model mean nothing to it. */
export function readAgain(session: Session): Session {
  const tip = currentTip(session.tree);
  if (tip === null || session.model.state !== "ready") return session;
  const last = hasEnded(tip) && tip.parent !== null ? tip.parent : tip;
  const text = completionText(last);
  return begin(session, rootOf(tip).source, text === "" ? null : { text }, "auto");
}

/** Spaces at the end of the prompt steal the space that nearly every next token begins with. */
export function endsWithSpace({ draft }: Session): boolean {
  return draft.mode === "text" && / $/.test(draft.text);
}
