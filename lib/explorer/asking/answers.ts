// The open question at work: answered from what is known, else by the server. The newest question wins.
import type { ReadonlySignal } from "@preact/signals";
import type { JobProgress } from "../../wire/progress.ts";
import type { Api } from "./api.ts";
import type { KnownAnswers } from "./known_answers.ts";
import { latest } from "./latest.ts";
import { createReadProgress, isLong, type ReadProgress } from "./read_progress.ts";
import { bodyOfPreview, bodyOfRead, bodyOfStep } from "./request.ts";
import { fail, receiveKnown, receivePreview } from "../moves/outcome.ts";
import { receiveStep } from "../moves/step_outcome.ts";
import { questionOf } from "../session/activity.ts";
import { knownKeyOf } from "../session/question.ts";
import type { Question, Reason, Session } from "../session/types.ts";

export type Move = (session: Session) => Session;

interface AnswerOptions {
  readonly api: Api;
  readonly known: KnownAnswers;
  readonly dispatch: (move: Move) => void;
  readonly session: () => Session;
  readonly onAnswer: (reason: Reason) => void;
}

export interface Answers {
  /** How far the server is with a long text; null: nothing is told. */
  readonly reading: ReadonlySignal<ReadProgress | null>;
  /** Asks the question that is open now; what was asked before and is not open any more is broken off. */
  follow(session: Session): void;
  stop(): void;
}

/** Asks the session's open question, newest wins, and dispatches what is answered. */
export function createAnswers(options: AnswerOptions): Answers {
  const { api, known, dispatch, session, onAnswer } = options;
  const reading = createReadProgress();
  const asking = latest((signal, question: Question) => {
    const onProgress = isLong(question) ? reading.begin() : undefined;
    const told = onProgress && ((progress: JobProgress) => void (signal.aborted || onProgress(progress)));
    return fetchAnswer(api, question, signal, told);
  });
  let inFlight: number | null = null;

  async function send(question: Question): Promise<void> {
    const outcome = await asking.ask(question);
    if (outcome.kind === "superseded") return;
    if (outcome.kind === "failed") return dispatch((now) => fail(now, question.number, outcome.failure));
    dispatch(outcome.value);
    remember(known, session());
    onAnswer(question.reason);
  }

  return {
    reading: reading.now,
    follow(now) {
      const question = questionOf(now);
      if (inFlight === (question?.number ?? null)) return;
      asking.stop();
      reading.stop();
      inFlight = question?.number ?? null;
      if (question === null) return;
      const move = findKnownAnswer(known, question);
      if (move === null) return void send(question);
      dispatch(move);
      onAnswer(question.reason);
    },
    stop() {
      asking.stop();
      inFlight = null;
    },
  };
}

function findKnownAnswer(
  known: KnownAnswers,
  { number, body, settings, modelKey, include }: Question,
): Move | null {
  if (body.kind !== "preview" || include.includes("prompt_scores")) return null;
  const dist = known.get(body.node, knownKeyOf(modelKey, settings, include));
  return dist === undefined ? null : (now) => receiveKnown(now, number, dist);
}

function remember(known: KnownAnswers, { answer }: Session): void {
  if (answer === null || answer.key === null) return;
  const key = knownKeyOf(answer.modelKey, answer.key, answer.ledger ? ["stages"] : []);
  known.set(answer.node, key, answer.dist);
}

async function fetchAnswer(
  api: Api,
  question: Question,
  signal: AbortSignal,
  onProgress: ((progress: JobProgress) => void) | undefined,
): Promise<Move> {
  const { number, body, settings, include, modelKey } = question;
  if (body.kind === "step") {
    const result = await api.step(bodyOfStep(body, question), signal);
    return (now) => receiveStep(now, number, result);
  }
  const asked = body.kind === "read"
    ? bodyOfRead(question)
    : bodyOfPreview(body.node, settings, include, modelKey);
  const result = await api.preview(asked, signal, onProgress);
  return (now) => receivePreview(now, number, result);
}
