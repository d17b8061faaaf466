// The page's one store: the session as a signal, the user's moves, and the only code that acts on it. A move changes
// the session; afterwards the fetch in flight and the timers are brought in line with it.
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Api, failureOf } from "./api.ts";
import { createKnownAnswers, type KnownAnswers } from "./known_answers.ts";
import { drawingOf, questionOf } from "../session/activity.ts";
import { lostServer, statusChanged } from "../moves/model_moves.ts";
import { fail, receiveKnown, receivePreview } from "../moves/outcome.ts";
import { isDue, needleMs, playOn } from "../moves/play.ts";
import { knownKey } from "../session/question.ts";
import { previewBody, readBody, stepBody } from "./request.ts";
import { land, receiveStep } from "../moves/step_outcome.ts";
import type { Question, Reason, Session } from "../session/types.ts";

export type Move = (session: Session) => Session;

export interface Explorer {
  readonly session: ReadonlySignal<Session>;
  readonly known: KnownAnswers;
  /** Makes a move: a pure function from the session to the next one. */
  dispatch(move: Move): void;
  /** Follows the model until it serves and nothing is being loaded; `keep`: and for as long as this is true. */
  follow(keep?: () => boolean): void;
  /** Follows the model until it is ready and asks what is open. Returns the way to stop everything. */
  open(): () => void;
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
  readonly patience?: number;
}

export function createExplorer(options: ExplorerOptions): Explorer {
  const { api, patience = 1000, still = () => false } = options;
  const session = signal(options.session);
  const known = createKnownAnswers();
  const landing = createTimer(() => dispatch(land));
  const playing = createTimer(() => {
    lastToken = performance.now();
    dispatch(playOn);
  });
  let lastToken = 0;
  let inFlight: { number: number; controller: AbortController } | null = null;
  let following: AbortController | null = null;

  function dispatch(move: Move): void {
    const before = session.value;
    const after = move(before);
    if (after === before) return;
    session.value = after;
    if (after.model.model_id !== before.model.model_id) known.clear();
    options.onChange?.(after, before);
    align();
  }

  /** Newest wins: a question that is not the open one any more is broken off. */
  function align(): void {
    const now = session.value;
    landing.set(drawingOf(now), () => needleMs(now, still()));
    playing.set(isDue(now) ? now.answer : null, () => lastToken + now.display.speedMs - performance.now());
    const question = questionOf(now);
    if (inFlight?.number === question?.number) return;
    inFlight?.controller.abort();
    inFlight = null;
    if (question !== null) answerKnown(question) || void send(question);
  }

  function answerKnown(question: Question): boolean {
    const { body, settings, include, reason } = question;
    if (body.kind !== "preview" || include.includes("prompt_scores")) return false;
    const dist = known.get(body.node, knownKey(settings, include));
    if (dist === undefined) return false;
    inFlight = { number: question.number, controller: new AbortController() };
    dispatch((now) => receiveKnown(now, question.number, dist));
    options.onAnswer?.(reason);
    return true;
  }

  async function send(question: Question): Promise<void> {
    const controller = new AbortController();
    inFlight = { number: question.number, controller };
    try {
      const move = await fetchAnswer(question, controller.signal);
      if (controller.signal.aborted) return;
      dispatch(move);
      remember();
      options.onAnswer?.(question.reason);
    } catch (error) {
      const failure = failureOf(error);
      if (controller.signal.aborted || failure === null) return;
      dispatch((now) => fail(now, question.number, failure));
      if (failure.kind === "loading" || failure.kind === "unreachable") void follow();
    }
  }

  async function fetchAnswer({ number, body, settings, include, ...rest }: Question, signal: AbortSignal) {
    if (body.kind === "step") {
      const result = await api.step(stepBody(body, settings, include), signal);
      followOther(result.model.model_id);
      return (now: Session) => receiveStep(now, number, result);
    }
    const asked = body.kind === "read"
      ? readBody({ number, body, settings, include, ...rest })
      : previewBody(body.node, settings, include);
    const result = await api.preview(asked, signal);
    followOther(result.model.model_id);
    return (now: Session) => receivePreview(now, number, result);
  }

  /** Another model answered: another page has asked for it. */
  function followOther(id: string): void {
    if (id !== session.value.model.model_id) void follow();
  }

  function remember(): void {
    const { answer } = session.value;
    if (answer === null || answer.key === null) return;
    known.set(answer.node, answer.ledger ? `${answer.key} ledger` : answer.key, answer.dist);
  }

  /** Follows the status until a model is ready, through every loss of the server. */
  async function follow(keep = () => false): Promise<void> {
    following?.abort();
    const controller = new AbortController();
    following = controller;
    const { signal } = controller;
    while (!signal.aborted) {
      try {
        for await (const status of api.statuses(signal)) {
          if (signal.aborted) return;
          dispatch((now) => statusChanged(now, status));
          if (status.ready && !status.loading && !keep()) return controller.abort();
        }
      } catch (error) {
        if (signal.aborted) return;
        console.warn(`The server cannot be reached: ${error}`);
        dispatch(lostServer);
      }
      await pause(patience, signal);
    }
  }

  return {
    session,
    known,
    dispatch,
    follow: (keep) => void follow(keep),
    open() {
      const { ready, loading } = session.value.model;
      if (ready) dispatch((now) => statusChanged(now, now.model));
      if (!ready || loading) void follow();
      return () => {
        following?.abort();
        inFlight?.controller.abort();
        inFlight = null;
        landing.set(null, () => 0);
        playing.set(null, () => 0);
      };
    },
  };
}

/** A timer for one thing at a time: it runs as long as the same thing is waited for, and stops with null. */
function createTimer(ring: () => void) {
  let waitsFor: unknown = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    set(thing: unknown, delay: () => number): void {
      if (thing === waitsFor) return;
      clearTimeout(timer);
      waitsFor = thing;
      if (thing === null) return;
      timer = setTimeout(() => {
        waitsFor = null;
        ring();
      }, Math.max(0, delay()));
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
