// One run before any request asks for it: of the path that is likely to be asked for next. The request that asks for it
// waits for its end and takes its logits; any other one stops it.
import { countCommonPrefix } from "../../basics/common_prefix.ts";
import type { Cost } from "../../decode/types.ts";
import { checkFinite } from "../../runners/finite.ts";
import type { LmRunner } from "../../runners/types.ts";
import type { KvCache } from "./kv_cache.ts";
import type { LogitsCache } from "./logits_cache.ts";

/** Tokens that may be computed before the one that is guessed: the clicks that were answered by guesses. */
export const CATCH_UP_TOKENS = 8;

/** What it computes with. */
interface AheadParts {
  readonly runner: LmRunner;
  readonly states: KvCache;
  readonly known: LogitsCache;
  /** Told how many tokens were computed for nothing. */
  readonly wasted: (tokens: number) => void;
}

interface Begun {
  readonly ids: readonly number[];
  readonly ended: Promise<Cost | null>; // null: it was stopped, or failed
  readonly stop: () => void;
}

export class AheadRun {
  readonly #parts: AheadParts;
  #begun: Begun | null = null;

  constructor(parts: AheadParts) {
    this.#parts = parts;
  }

  /** Begins to compute the logits after `ids`, and keeps them as a guess. Does nothing while another is under way,
   * where they are known, where most of the path is to be computed, or where a state cannot be cut back to what others
   * go on from. */
  begin(ids: readonly number[]): void {
    const { runner, states, known } = this.#parts;
    const near = ids.length - states.reach(ids) <= CATCH_UP_TOKENS;
    if (this.#begun !== null || !runner.cuts || !near || known.has(ids)) return;
    const controller = new AbortController();
    const ended = this.#compute(ids, controller.signal).finally(() => this.#begun = null);
    this.#begun = { ids, ended, stop: () => controller.abort() };
  }

  /** What the run cost, where it is of this very path and came to its end: its logits are a guess that is known now.
   * Any other one is stopped, and so is this one when `signal` aborts. Null: there is none. */
  async join(ids: readonly number[], signal: AbortSignal): Promise<Cost | null> {
    const begun = this.#begun;
    if (begun === null) return null;
    const same = begun.ids.length === ids.length && countCommonPrefix(begun.ids, ids) === ids.length;
    if (!same || signal.aborted) begun.stop();
    signal.addEventListener("abort", begun.stop, { once: true });
    const cost = await begun.ended;
    signal.removeEventListener("abort", begun.stop);
    return same ? cost : null;
  }

  /** Resolves at the end of what runs, or when `signal` aborts, which stops nothing. */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.#begun === null || signal.aborted) return;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await Promise.race([this.#begun.ended, aborted]);
  }

  /** Stops what runs; resolves when the runner is free of it. */
  async stop(): Promise<void> {
    const begun = this.#begun;
    begun?.stop();
    await begun?.ended;
  }

  async #compute(ids: readonly number[], signal: AbortSignal): Promise<Cost | null> {
    const { runner, states, known, wasted } = this.#parts;
    let state = states.take(ids);
    const computedTokens = ids.length - state.ids.length;
    const begun = performance.now();
    const took = () => performance.now() - begun;
    try {
      const { logits, kv } = await runner.run(state.kv, ids.slice(state.ids.length), { signal });
      state = { ids, kv };
      checkFinite(logits, runner.vocabSize);
      known.guess(ids, logits);
      const [prefillMs, decodeMs] = computedTokens > 1 ? [took(), 0] : [0, took()];
      return { computedTokens, prefillMs, decodeMs };
    } catch {
      wasted(computedTokens); // a failure is told to the request that asks for the same
      return null;
    } finally {
      states.put(state);
    }
  }
}
