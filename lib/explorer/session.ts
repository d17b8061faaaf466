// The user's moves. Every function takes the session and returns the next one; the same session comes back
// where a move is not possible.
import type { Candidate, ModelStatus, Pill } from "../api/wire.ts";
import { ask, isCurrent, isFull } from "./ask.ts";
import { isPartial, spokenToken } from "./spoken.ts";
import type { Path, Session, Settings, Step } from "./types_v1.ts";

/** Moves that undo remembers. */
const HISTORY_LIMIT = 1000;

export const TEMPERATURE = { min: 0, max: 2, step: 0.05, initial: 0.7 } as const;
export const TOP_K = { min: 1, max: 50, initial: 10 } as const;

/** The session of a page that was just opened. */
export function createSession(
  { draft, settings, model }: { draft: string; settings: Settings; model: ModelStatus },
): Session {
  return {
    draft,
    path: null,
    past: [],
    future: [],
    settings,
    model,
    connected: true,
    asked: 0,
    pending: null,
    answer: null,
    failure: null,
    greedyWaiting: 0,
    announcement: "",
  };
}

/** Leaves the current path for another one; undo comes back, though never to an empty page. */
function moveTo(session: Session, path: Path | null): Session {
  const past = session.path === null ? session.past : [...session.past, session.path].slice(-HISTORY_LIMIT);
  return { ...session, path, past, future: [], greedyWaiting: 0 };
}

/** The prompt box holds something else than the text that was started. */
export function isDirty(session: Session): boolean {
  return session.draft !== (session.path?.promptText ?? "");
}

export function editDraft(session: Session, draft: string): Session {
  return { ...session, draft };
}

/** Begins a new text with the draft; an empty draft empties the text. */
export function start(session: Session, reason: "start" | "auto" = "start"): Session {
  if (!session.model.ready) return session;
  const { path, draft } = session;
  if (draft === "") return path === null ? session : ask(moveTo(session, null), reason);
  const fresh = path !== null && path.promptText === draft && path.completion.length === 0;
  const next: Path = fresh ? path : { promptText: draft, prompt: null, completion: [], ended: false };
  return ask(fresh ? session : moveTo(session, next), reason, "");
}

/** Spaces at the end of the prompt steal the space that nearly every next token begins with. */
export function endsWithSpace(session: Session): boolean {
  return / $/.test(session.draft);
}

/** Removes them; a text that was started with them starts again without. */
export function removeTrailingSpaces(session: Session): Session {
  const started = !isDirty(session);
  const edited = editDraft(session, session.draft.replace(/ +$/, ""));
  return started ? start(edited) : edited;
}

/** What the strip shows of a candidate until the server has seen it in its place. */
function provisionalPill(candidate: Candidate): Pill {
  const partial = isPartial({ text: candidate.token, bytes: candidate.bytes });
  const { id, display, special, bytes } = candidate;
  return { id, text: partial ? "" : candidate.token, display, special, bytes, offset: 0 };
}

/** Bars may be clicked: they belong to this text, and there is room. */
export function canAppend(session: Session): boolean {
  return session.model.ready && isCurrent(session) && !isFull(session);
}

/** Appends the candidate at `index` of the bars (0 = most probable); after the end of the text it takes the
 * place of the token that ended it. */
export function append(session: Session, index: number): Session {
  const candidate = session.answer?.result.candidates[index];
  const { path } = session;
  if (candidate === undefined || path === null || !canAppend(session)) return session;
  const kept = path.ended ? path.completion.slice(0, -1) : path.completion;
  if (path.ended && path.completion.at(-1)?.pill.id === candidate.id) return session;
  const step: Step = { pill: provisionalPill(candidate), prob: candidate.prob, rank: index + 1 };
  const next = { ...path, completion: [...kept, step], ended: false };
  return ask(moveTo(session, next), "append", `Added ${spokenToken(candidate.token, candidate)}.`);
}

/** Greedy makes sense: there is a text, it has not ended and there is room. */
export function canGreedy(session: Session): boolean {
  if (session.path === null || session.path.ended || session.failure !== null) return false;
  return session.model.ready && !isFull(session) && (session.pending !== null || isCurrent(session));
}

/** Appends the most probable token, one per call: a call that comes before the bars waits for them. */
export function greedy(session: Session): Session {
  if (!canGreedy(session)) return session;
  if (isCurrent(session)) return append(session, 0);
  return { ...session, greedyWaiting: session.greedyWaiting + 1 };
}

export function canRemove(session: Session): boolean {
  return session.path !== null && session.path.completion.length > 0;
}

/** Deletes the last token that was appended. */
export function removeLast(session: Session): Session {
  const { path } = session;
  const last = path?.completion.at(-1);
  if (path === null || last === undefined) return session;
  const next = { ...path, completion: path.completion.slice(0, -1), ended: false };
  return ask(moveTo(session, next), "remove", `Removed ${spokenToken(last.pill.text, last.pill)}.`);
}

/** Back to the prompt. */
export function reset(session: Session): Session {
  const { path } = session;
  if (path === null || path.completion.length === 0) return session;
  return ask(moveTo(session, { ...path, completion: [], ended: false }), "remove", "Back to the prompt.");
}

/** The prompt box follows undo and redo unless it holds something that was not started. */
function travel(session: Session, path: Path | null, preface: string): Session {
  const draft = isDirty(session) ? session.draft : path?.promptText ?? "";
  return ask({ ...session, path, draft, greedyWaiting: 0 }, "remove", preface);
}

export function undo(session: Session): Session {
  const path = session.past.at(-1);
  if (path === undefined) return session;
  const moved = { ...session, past: session.past.slice(0, -1), future: [session.path, ...session.future] };
  return travel(moved, path, "Undone.");
}

export function redo(session: Session): Session {
  const path = session.future[0];
  if (path === undefined) return session;
  const past = session.path === null ? session.past : [...session.past, session.path];
  return travel({ ...session, past, future: session.future.slice(1) }, path, "Redone.");
}

function clamp(value: number, { min, max }: { min: number; max: number }): number {
  return Math.min(max, Math.max(min, value));
}

/** New settings for the same text: the server answers from the logits it keeps. Values out of range are
 * clamped, what is no number is ignored. */
export function changeSettings(session: Session, change: Partial<Settings>): Session {
  const temperature = change.temperature ?? session.settings.temperature;
  const topK = change.topK ?? session.settings.topK;
  if (!Number.isFinite(temperature) || !Number.isFinite(topK)) return session;
  const settings = {
    temperature: Math.round(clamp(temperature, TEMPERATURE) * 100) / 100,
    topK: Math.round(clamp(topK, TOP_K)),
  };
  const { settings: old } = session;
  if (settings.temperature === old.temperature && settings.topK === old.topK) return session;
  const { pending } = session;
  return ask({ ...session, settings }, pending?.reason ?? "settings", pending?.preface);
}

export function changeTemperatureBy(session: Session, by: number): Session {
  return changeSettings(session, { temperature: session.settings.temperature + by });
}
