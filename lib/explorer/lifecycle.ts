// What comes from outside: answers, failures and the state of the model.
import type { ModelStatus, NextTokenResult, Pill } from "../api/wire.ts";
import { ask, isCurrent, length, textOf } from "./ask.ts";
import { append, start } from "./session.ts";
import { spokenDistribution } from "./spoken.ts";
import type { Failure, Path, Question, Session } from "./types_v1.ts";

/** The same path with the server's view of its tokens: it alone knows which bytes make a character. */
function withPills(path: Path, pills: readonly Pill[]): Path {
  const prompt = path.prompt === null ? pills : path.prompt.map((pill, at) => pills[at] ?? pill);
  const completion = path.completion.map((step, at) => ({
    ...step,
    pill: pills[prompt.length + at] ?? step.pill,
  }));
  return { ...path, prompt, completion };
}

function announce({ reason, preface }: Question, result: NextTokenResult): string | null {
  if (reason === "settings" || reason === "auto") return null;
  const first = reason === "start" ? `Read ${result.tokens.length} tokens.` : preface;
  return `${first} ${spokenDistribution(result)}`.trim();
}

/** The last token ended the text: the bars stay, and are asked for again only where they are not there. */
function end(session: Session, path: Path, preface: string): Session {
  const announcement = `${preface} End of text.`.trim();
  const next = { ...session, path: { ...path, ended: true }, pending: null, greedyWaiting: 0, announcement };
  return isCurrent(next) ? next : ask(next, "settings");
}

/** The answer to question `number`; any but the newest is dropped. */
export function receive(session: Session, number: number, result: NextTokenResult): Session {
  const { pending } = session;
  if (pending === null || pending.number !== number || session.path === null) return session;
  const path = withPills(session.path, result.tokens);
  if (result.eos && path.completion.length > 0 && !path.ended) return end(session, path, pending.preface);
  const next: Session = {
    ...session,
    path,
    pending: null,
    failure: null,
    connected: true,
    answer: { number, settings: pending.settings, result },
    announcement: announce(pending, result) ?? session.announcement,
  };
  if (session.greedyWaiting === 0 || path.ended) return { ...next, greedyWaiting: 0 };
  return { ...append(next, 0), greedyWaiting: session.greedyWaiting - 1 };
}

/** Question `number` has no answer. The text stays as it is. */
export function fail(session: Session, number: number, failure: Failure): Session {
  if (session.pending?.number !== number) return session;
  const connected = failure.kind !== "unreachable";
  const model = failure.kind === "loading"
    ? { ...session.model, ready: false, loading: true }
    : session.model;
  return { ...session, pending: null, failure, connected, model, greedyWaiting: 0 };
}

/** Asks the same again. */
export function retry(session: Session): Session {
  return ask(session, "retry");
}

export function lostServer(session: Session): Session {
  return session.connected ? { ...session, connected: false } : session;
}

/** Ids mean nothing to another model: the text stays, its tokens and its history go. */
function forgetTokens(session: Session): Session {
  const { path } = session;
  if (path === null) return { ...session, past: [], future: [] };
  const promptText = textOf(path);
  const draft = session.draft === path.promptText ? promptText : session.draft;
  const again: Path = { promptText, prompt: null, completion: [], ended: false };
  return { ...session, draft, path: again, past: [], future: [], answer: null };
}

/** A new status of the model: when it is ready, what is open is asked, and the first prompt starts by itself. */
export function statusChanged(session: Session, model: ModelStatus): Session {
  const before = session.model.model_id;
  const swapped = before !== null && model.model_id !== null && model.model_id !== before;
  const known = swapped ? forgetTokens(session) : session;
  const next: Session = { ...known, model, connected: true };
  if (!model.ready) return { ...next, pending: null, greedyWaiting: 0 };
  if (next.pending !== null && !swapped) return next;
  if (next.path === null) return next.asked === 0 && next.draft !== "" ? start(next, "auto") : next;
  const waits = next.failure === null || next.failure.kind === "loading" ||
    next.failure.kind === "unreachable";
  const first = length(next.path) === null ? "start" : "retry";
  return waits && !isCurrent(next) ? ask(next, first) : next;
}
