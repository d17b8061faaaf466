// Speculation: after an answer, while no request is open, the distributions behind the most probable candidates are
// computed, so that the likely click is there at once. It stops the moment a request comes.
//
// Bounds: it begins after IDLE_MS without a request, so that neither the next one of a queue nor a program that asks
// without a pause ever meets it; a round takes `budgetMs` and what one batch takes beyond; LogitsSource.lookahead
// keeps memory; only the path that was answered last is looked at.
import { sleep } from "../../basics/sleep.ts";
import { topIds } from "../../sampling/order.ts";
import type { LogitsSource } from "./logits_source.ts";

/** Milliseconds of rest before a round. People take hundreds; other clients' requests that wait come within one or
 * two, and until then the processors belong to the thread that sends the answer. */
const IDLE_MS = 25;

/** What speculation may cost. */
interface PrefetchLimits {
  /** Candidates computed together; one where a run cannot be cancelled. */
  readonly batch: number;
  /** Candidates after one answer. */
  readonly candidates: number;
  /** Longest context, in tokens, for which it pays: a copy of the prefix costs as much as a click beyond. */
  readonly contextTokens: number;
  /** Time after one answer, in milliseconds. */
  readonly budgetMs: number;
}

export class Prefetcher {
  readonly #source: LogitsSource;
  readonly #limits: PrefetchLimits;
  readonly #onIdle: () => void;
  #controller: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();

  /** `onIdle` is called when a round of speculation has ended by itself. */
  constructor(source: LogitsSource, limits: PrefetchLimits, onIdle: () => void) {
    this.#source = source;
    this.#limits = limits;
    this.#onIdle = onIdle;
  }

  /** Stops what runs or is about to; resolves when the runner is free. */
  async pause(): Promise<void> {
    this.#controller?.abort();
    this.#controller = null;
    await this.#running;
  }

  /** Speculates on the path that was answered last, when there has been a moment's rest; ends by `pause`. */
  resume(): void {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.#running = this.#running.then(() => this.#round(controller.signal)).catch(() => {});
  }

  async #round(signal: AbortSignal): Promise<void> {
    const last = this.#source.lastAnswer;
    const { batch, candidates, contextTokens, budgetMs } = this.#limits;
    if (!last || last.ids.length >= contextTokens) return;
    await sleep(IDLE_MS, signal);
    const deadline = performance.now() + budgetMs;
    const likely = [...topIds(last.logits, candidates)];
    for (let i = 0; i < likely.length && performance.now() < deadline; i += batch) {
      await sleep(0, signal); // lets a waiting message in, which aborts
      await this.#source.lookahead(last.ids, likely.slice(i, i + batch), signal);
    }
    if (!signal.aborted) this.#onIdle();
  }
}
