// What happens to the model and the server, and how the page goes on.
import type { ModelStatus } from "../../wire/models.ts";
import { askingOf, failureIn, isBusy, questionOf, withoutNext } from "../session/activity.ts";
import { currentTip } from "../session/branches.ts";
import { draftSource, readAgain, start } from "./prompt_moves.ts";
import { ask, isCurrent, isForeign, placeOf } from "../session/question.ts";
import type { Session } from "../session/types.ts";

/** Asks the same again. */
export function retry(session: Session): Session {
  return ask(session, "retry");
}

export function lostServer(session: Session): Session {
  return session.connected ? { ...session, connected: false, activity: withoutNext(session) } : session;
}

/** A new status of the model: when it is ready, what is open is asked, and the first prompt starts by itself. A text
 * of another model is read again. */
export function statusChanged(session: Session, model: ModelStatus): Session {
  const next: Session = { ...session, model, connected: true };
  if (!model.ready) {
    return failureIn(next) === null ? { ...next, activity: { kind: "idle", play: null } } : next;
  }
  if (!next.enabled) return next;
  if (isForeign(next)) return readAgain(next);
  if (questionOf(next) !== null) return next;
  return currentTip(next.tree) === null ? first(next) : open(next);
}

/** Nothing was ever started here: the prompt of the page starts by itself. */
function first(session: Session): Session {
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
  const waits = kind === undefined || kind === "loading" || kind === "unreachable";
  if (!waits || isCurrent(session) || isBusy(session)) return session;
  const unread = placeOf(session)?.kind === "root";
  return ask(session, unread && session.answer === null ? "start" : "retry");
}
