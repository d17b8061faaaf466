// The page's one store: the session as a signal, the user's moves, and the only code that acts on it. A move changes
// the session; afterwards the fetch in flight and the timers are brought in line with it.
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Answers, createAnswers, type Move } from "./answers.ts";
import type { Api } from "./api.ts";
import { followModel } from "./follow_model.ts";
import { createKnownAnswers, type KnownAnswers } from "./known_answers.ts";
import { createTimer, type Timer } from "./timer.ts";
import { goOnWith, loseServer, receiveStatus, retry } from "../moves/model_moves.ts";
import { chooseNeedleMs, isDue, playOn } from "../moves/play.ts";
import { land } from "../moves/step_outcome.ts";
import { drawingOf, failureIn, findMissed } from "../session/activity.ts";
import { readyModel } from "../session/model.ts";
import type { Failure, Missed, Reason, Session } from "../session/types.ts";

export type { Move };

export interface Explorer {
  readonly session: ReadonlySignal<Session>;
  readonly known: KnownAnswers;
  /** How far the server is with a long text; null: nothing is told. */
  readonly reading: Answers["reading"];
  /** Makes a move: a pure function from the session to the next one. */
  dispatch(move: Move): void;
  /** Asks what is open as soon as a model is there. Returns the way to stop everything. */
  open(): () => void;
  /** Follows the status of the model, or leaves it: a page that is out of view holds no connection. */
  follow(on: boolean): void;
}

export interface ExplorerOptions {
  readonly session: Session;
  readonly api: Api;
  /** Called with every new session, after the old one. */
  readonly onChange?: (session: Session, before: Session) => void;
  /** Called when the answer to a question is on the page. */
  readonly onAnswer?: (reason: Reason) => void;
  /** The user wants no motion. */
  readonly still?: () => boolean;
  /** Milliseconds before the server is tried again. */
  readonly retryMs?: number;
}

/** The session as a signal, the moves on it, and what follows typing, Play and the server. */
export function createExplorer(options: ExplorerOptions): Explorer {
  const { api, onChange = () => {}, onAnswer = () => {} } = options;
  const session = signal(options.session);
  const known = createKnownAnswers();
  const answers: Answers = createAnswers({ api, known, dispatch, session: () => session.value, onAnswer });
  const clocks = createClocks(dispatch, options.still ?? (() => false));
  const following = createFollowing(options, dispatch);
  const waiting = createWaiting(api, dispatch);

  function dispatch(move: Move): void {
    const before = session.value;
    const after = move(before);
    if (after === before) return;
    session.value = after;
    onChange(after, before);
    clocks.follow(() => session.value);
    answers.follow(session.value);
    waiting.follow(session.value);
    if (isLost(after) && !isLost(before)) following.anew();
  }

  return {
    ...{ session, known, dispatch, follow: (on: boolean) => following.set(on), reading: answers.reading },
    open() {
      if (readyModel(session.value) !== null) dispatch(goOnWith);
      following.set(true);
      return () => {
        following.set(false);
        answers.stop();
        clocks.stop();
        waiting.stop();
      };
    },
  };
}

/** A question did not get through. The stream of statuses may still stand, and tells nothing until something changes:
 * only one that is opened anew, after a while, says that the server is there. */
function isLost(session: Session): boolean {
  return failureIn(session)?.kind === "unreachable";
}

/** Follows the status of the model, leaves it, or follows it anew. */
function createFollowing({ api, retryMs = 1000 }: ExplorerOptions, dispatch: (move: Move) => void) {
  let leave: (() => void) | null = null;
  const set = (on: boolean, waitMs = 0) => {
    if (on === (leave !== null)) return;
    leave?.();
    leave = !on ? null : followModel({
      ...{ api, retryMs, waitMs },
      onStatus: (status) => dispatch((now) => receiveStatus(now, status)),
      onLost: () => dispatch(loseServer),
    });
  };
  return {
    set,
    anew() {
      if (leave === null) return;
      set(false);
      set(true, retryMs);
    },
  };
}

/** Asks again what a passing failure holds up, as soon as it is over. */
function createWaiting(api: Api, dispatch: (move: Move) => void) {
  let behind: { readonly missed: Missed; readonly stopped: AbortController } | null = null;
  const wait = async ({ question }: Missed, { again = 0 }: Failure, signal: AbortSignal) => {
    const { waitUntilBack } = await import("./come_back.ts");
    await waitUntilBack(api, question, again, signal);
    dispatch(retry);
  };
  const stop = () => {
    behind?.stopped.abort();
    behind = null;
  };
  return {
    stop,
    follow(now: Session): void {
      const missed = findMissed(now);
      if (missed?.question === behind?.missed.question) return;
      stop();
      if (missed === null) return;
      behind = { missed, stopped: new AbortController() };
      const { signal } = behind.stopped;
      wait(missed, failureIn(now)!, signal).catch((error) => signal.aborted || console.error(error));
    },
  };
}

/** What happens by itself behind a while: a draw lands, Play goes on. What need not wait happens at once: at full speed
 * the next token is asked for before the page draws the last one, so that both happen at the same time. */
function createClocks(dispatch: (move: Move) => void, still: () => boolean) {
  let lastToken = -Infinity;
  const landing: Timer = createTimer(() => dispatch(land));
  const playing: Timer = createTimer(() => {
    lastToken = performance.now();
    dispatch(playOn);
  });
  return {
    /** `now`: the session at any moment; a draw that lands changes it. */
    follow(now: () => Session): void {
      landing.set(drawingOf(now()), () => chooseNeedleMs(now(), still()));
      const due = isDue(now()) ? now().answer : null;
      playing.set(due, () => lastToken + now().display.speedMs - performance.now());
    },
    stop(): void {
      landing.set(null, () => 0);
      playing.set(null, () => 0);
    },
  };
}
