// The page's one store: the session as a signal, the user's moves, and the only code that acts on it. A move
// changes the session; afterwards the fetch in flight is brought in line with the question that is open.
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Client, failureOf } from "./client.ts";
import { fail, lostServer, receive, statusChanged } from "./lifecycle.ts";
import type { Question, Reason, Session } from "./types_v1.ts";

export interface Explorer {
  readonly session: ReadonlySignal<Session>;
  /** Makes a move: a pure function from the session to the next one. */
  dispatch(move: (session: Session) => Session): void;
  /** Follows the model until it is ready and asks what is open. Returns the way to stop everything. */
  open(): () => void;
}

export interface ExplorerOptions {
  readonly session: Session;
  readonly client: Client;
  /** Called with every new session, after the old one. */
  readonly onChange?: (session: Session, before: Session) => void;
  /** Called when the answer to a question is on the page. */
  readonly onAnswer?: (reason: Reason) => void;
  /** Milliseconds before the server is tried again. */
  readonly patience?: number;
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

export function createExplorer(options: ExplorerOptions): Explorer {
  const { client, patience = 1000 } = options;
  const session = signal(options.session);
  let inFlight: { number: number; controller: AbortController } | null = null;
  let following: AbortController | null = null;

  function dispatch(move: (session: Session) => Session): void {
    const before = session.value;
    session.value = move(before);
    if (session.value !== before) options.onChange?.(session.value, before);
    align();
  }

  /** Newest wins: a question that is not the open one any more is aborted. */
  function align(): void {
    const { pending } = session.value;
    if (inFlight?.number === pending?.number) return;
    inFlight?.controller.abort();
    inFlight = null;
    if (pending !== null) void send(pending);
  }

  async function send(question: Question): Promise<void> {
    const controller = new AbortController();
    inFlight = { number: question.number, controller };
    try {
      const result = await client.nextToken(question, controller.signal);
      if (controller.signal.aborted) return;
      dispatch((now) => receive(now, question.number, result));
      options.onAnswer?.(question.reason);
    } catch (error) {
      const failure = failureOf(error);
      if (controller.signal.aborted || failure === null) return;
      dispatch((now) => fail(now, question.number, failure));
      if (failure.kind === "loading" || failure.kind === "unreachable") void follow();
    }
  }

  /** Follows the status until a model is ready, through every loss of the server. */
  async function follow(): Promise<void> {
    following?.abort();
    const controller = new AbortController();
    following = controller;
    const { signal } = controller;
    while (!signal.aborted) {
      try {
        for await (const status of client.statuses(signal)) {
          if (signal.aborted) return;
          dispatch((now) => statusChanged(now, status));
          if (status.ready && !status.loading) return controller.abort();
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
    dispatch,
    open() {
      const { ready, loading } = session.value.model;
      if (ready) dispatch((now) => statusChanged(now, now.model));
      if (!ready || loading) void follow();
      return () => {
        following?.abort();
        inFlight?.controller.abort();
        inFlight = null;
      };
    },
  };
}
