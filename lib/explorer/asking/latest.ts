// Requests of one kind, of which only the newest counts.
import { failureOf } from "./api.ts";
import type { Failure } from "../session/types.ts";

/** What came of a request. */
export type Outcome<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "failed"; readonly failure: Failure }
  /** A newer request or `stop` has broken it off. */
  | { readonly kind: "superseded" };

export interface Latest<A extends readonly unknown[], T> {
  /** Breaks off the request before, and makes this one. Never rejects. */
  ask(...question: A): Promise<Outcome<T>>;
  stop(): void;
}

const SUPERSEDED = { kind: "superseded" } as const;

/** `request` with the newest call winning: it gets a signal that aborts as soon as its answer is not wanted any
 * more. */
export function latest<A extends readonly unknown[], T>(
  request: (signal: AbortSignal, ...question: A) => Promise<T>,
): Latest<A, T> {
  let newest: AbortController | null = null;
  const stop = () => {
    newest?.abort();
    newest = null;
  };
  return {
    stop,
    async ask(...question) {
      stop();
      const { signal } = newest = new AbortController();
      try {
        const value = await request(signal, ...question);
        return signal.aborted ? SUPERSEDED : { kind: "value", value };
      } catch (error) {
        const failure = failureOf(error);
        return signal.aborted || failure === null ? SUPERSEDED : { kind: "failed", failure };
      }
    },
  };
}
