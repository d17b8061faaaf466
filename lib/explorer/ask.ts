// Questions and answers: which distribution the page needs, and whether the one it has is that one.
import type { Pill } from "../api/wire.ts";
import type { Path, Reason, Session, Settings } from "./types_v1.ts";

/** Number of tokens of a path; null while nobody has tokenised its prompt. */
export function length(path: Path): number | null {
  return path.prompt === null ? null : path.prompt.length + path.completion.length;
}

/** Every token of a path that is known. */
export function pillsOf(path: Path): readonly Pill[] {
  return [...path.prompt ?? [], ...path.completion.map((step) => step.pill)];
}

/** The text of a path: the draft it began with until its tokens are there. */
export function textOf(path: Path): string {
  return path.prompt === null ? path.promptText : pillsOf(path).map((pill) => pill.text).join("");
}

/** The ids whose next token the bars show; null while the prompt is text. A text that has ended shows the
 * bars its last token was chosen from. */
export function contextIds(path: Path): readonly number[] | null {
  if (path.prompt === null) return null;
  const ids = pillsOf(path).map((pill) => pill.id);
  return path.ended ? ids.slice(0, -1) : ids;
}

function sameSettings(a: Settings, b: Settings): boolean {
  return a.temperature === b.temperature && a.topK === b.topK;
}

/** True where the answer on the page belongs to the current text and settings: only then may its bars be
 * appended. */
export function isCurrent(session: Session): boolean {
  const { answer, path, settings } = session;
  if (answer === null || path === null || session.pending !== null) return false;
  const ids = contextIds(path);
  if (ids === null || !sameSettings(answer.settings, settings)) return false;
  return ids.length === answer.result.ids.length && ids.every((id, at) => id === answer.result.ids[at]);
}

/** True where the model can read no further token. */
export function isFull(session: Session): boolean {
  const limit = session.model.context_length;
  const size = session.path === null ? null : length(session.path);
  return limit !== null && size !== null && size >= limit && session.path?.ended === false;
}

/** Asks for the distribution of the current path; it takes the place of every earlier question. While there is
 * no model the question waits: `statusChanged` asks it. */
export function ask(session: Session, reason: Reason, preface = ""): Session {
  const rest = { ...session, failure: null, pending: null };
  if (session.path === null) return { ...rest, answer: null };
  if (!session.model.ready) return rest;
  const ids = contextIds(session.path);
  const number = session.asked + 1;
  const context = ids === null ? { text: session.path.promptText } : { ids };
  return {
    ...rest,
    asked: number,
    pending: { number, context, settings: session.settings, reason, preface },
  };
}
