// What happens to the model and the server, and how the page goes on.
import type { ModelStatus } from "../../wire/models.ts";
import { askingOf, failureIn, findMissed, isBusy, questionOf, withoutNext } from "../session/activity.ts";
import { currentTip } from "../session/branches.ts";
import { isSameModelState, parseStatus, readyModel } from "../session/model.ts";
import { fitIds } from "../settings/named_ids.ts";
import { draftSource, readAgain, start } from "./prompt_moves.ts";
import { ask, askBody, isCurrent, isForeign, placeOf } from "../session/question.ts";
import type { Session } from "../session/types.ts";
import { findTyped, isStillWritten, isTyped } from "./typed_prompt.ts";
import { withdrawUnconfirmed } from "./withdraw.ts";

/** Breaks off what is asked: the text stays, and it can be asked again. */
export function stopAsking(session: Session): Session {
  if (session.activity.kind !== "asking") return session;
  const failure = { kind: "trouble", message: "You have stopped it.", detail: "", field: null } as const;
  return withdrawUnconfirmed({ ...session, activity: { kind: "failed", failure } });
}

/** Asks the same again. */
export function retry(session: Session): Session {
  const question = findMissed(session)?.question;
  if (question === undefined || question.ofStep) return ask(session, "retry");
  const { body, reason, preface } = question;
  const node = body.kind === "read" ? body.root : body.node;
  const stands = isTyped(question) ? isStillWritten(session, question) : node === placeOf(session);
  return stands ? askBody(session, body, reason, preface) : ask(session, "retry");
}

/** The server does not answer: nothing more is asked until it does. */
export function loseServer(session: Session): Session {
  return session.connected ? { ...session, connected: false, activity: withoutNext(session) } : session;
}

/** A new status of the model. When a first one is ready, what is open is asked, the prompt of the page starts by
 * itself, and a text of another model is read again. When another one takes its place, see `changeModel`. */
export function receiveStatus(session: Session, status: ModelStatus): Session {
  const told = parseStatus(status);
  if (session.connected && isSameModelState(session, told)) return session;
  const serving = readyModel(told);
  const settings = fitIds(session.settings, serving, readyModel(session) ?? serving);
  const next: Session = { ...session, ...told, settings, connected: true };
  const { model } = next;
  if (model.state !== "ready") {
    return failureIn(next) === null ? { ...next, activity: { kind: "idle", play: null } } : next;
  }
  if (session.model.state === "ready" && session.model.key !== model.key) return changeModel(next);
  const wants = !session.connected && next.answer?.lacks !== undefined && !isBusy(next);
  return wants ? ask(next, "auto") : goOnWith(next);
}

/** What a page does with a model that is ready: what it had to put off. */
export function goOnWith(session: Session): Session {
  if (!session.enabled || questionOf(session) !== null) return session;
  if (isForeign(session)) return readAgain(session);
  return currentTip(session.tree) === null ? startFirst(session) : open(session);
}

/** Another model serves. Nothing that was asked of the old one is put to the new one: a token that it has not confirmed
 * and a draw go. Where ids mean the same, the bars of the same text are asked for; else the text waits until the
 * user has it read again. */
function changeModel(session: Session): Session {
  const question = questionOf(session) ?? findTyped(session);
  const next: Session = { ...withdrawUnconfirmed(session), promptScores: new Map() };
  const rest: Session = { ...next, activity: { kind: "idle", play: null } };
  if (question?.body.kind === "read") return askBody(rest, question.body, question.reason, question.preface);
  return currentTip(rest.tree) === null ? goOnWith(rest) : ask(rest, "auto");
}

/** Nothing was ever started here: the prompt of the page starts by itself. */
function startFirst(session: Session): Session {
  const untouched = session.asked === 0 && session.past.length === 0;
  if (!untouched || draftSource(session.draft) === null) return session;
  const started = start(session);
  const question = questionOf(started);
  return question === null
    ? started
    : { ...started, activity: askingOf(started, { ...question, reason: "auto" }) };
}

/** What could not be asked before is asked now. */
function open(session: Session): Session {
  const kind = failureIn(session)?.kind;
  const waits = kind !== "refused" && kind !== "trouble";
  if (!waits || isCurrent(session) || isBusy(session)) return session;
  const unread = placeOf(session)?.kind === "root";
  return ask(session, unread && session.answer === null ? "start" : "retry");
}
