// The one question that is open, and the estimate of the next one.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { AttributionEstimate, AttributionProgress, AttributionResult } from "../../wire/attribution.ts";
import { failureOf } from "../asking/api.ts";
import { latest } from "../asking/latest.ts";
import type { AttributionApi } from "./api.ts";
import { bodyOfAttribution, type Query } from "./subject.ts";

/** An answer and what it is about. */
export interface Computed {
  readonly query: Query;
  readonly result: AttributionResult;
}

/** The question that is open. */
export interface Running {
  readonly query: Query;
  readonly progress: AttributionProgress | null;
  /** Asked for by the pointer: the next question of the user takes its place. */
  readonly passing: boolean;
}

export interface Run {
  readonly running: ReadonlySignal<Running | null>;
  /** Why the last question has no answer; null: it has, or none was asked. */
  readonly problem: ReadonlySignal<string | null>;
  /** Breaks off what is open and asks this. */
  start(query: Query, passing: boolean): Promise<void>;
  cancel(): void;
}

/** Asks one question at a time: a new one cancels the one before. */
export function createRun(api: AttributionApi, onAnswer: (answer: Computed) => void): Run {
  const running = signal<Running | null>(null);
  const problem = signal<string | null>(null);
  let controller: AbortController | null = null;
  function cancel(): void {
    controller?.abort();
    controller = null;
    running.value = null;
  }
  async function start(query: Query, passing: boolean): Promise<void> {
    cancel();
    const own = controller = new AbortController();
    running.value = { query, progress: null, passing };
    problem.value = null;
    try {
      for await (const event of api.explain(bodyOfAttribution(query), own.signal)) {
        if (own.signal.aborted) return;
        if ("phase" in event) running.value = { query, passing, progress: event };
        else onAnswer({ query, result: event });
      }
    } catch (error) {
      const failure = failureOf(error);
      if (own.signal.aborted || failure === null) return;
      if (!passing) problem.value = failure.message;
    } finally {
      if (controller === own) cancel();
    }
  }
  return { running, problem, cancel, start };
}

const REST_MS = 160;

/** What the present choice would cost; asked when the choice rests. */
export function createEstimate(api: AttributionApi) {
  const estimate = signal<AttributionEstimate | null>(null);
  const asking = latest((signal, query: Query) => api.estimate(bodyOfAttribution(query), signal));
  let timer: ReturnType<typeof setTimeout> | undefined;
  function stop(): void {
    clearTimeout(timer);
    asking.stop();
  }
  async function ask(query: Query): Promise<void> {
    const outcome = await asking.ask(query); // one that fails is only a hint less
    if (outcome.kind === "value" && "estimate" in outcome.value) estimate.value = outcome.value.estimate;
  }
  return {
    estimate,
    stop,
    weigh(query: Query | null): void {
      stop();
      estimate.value = null;
      if (query !== null) timer = setTimeout(() => void ask(query), REST_MS);
    },
  };
}
