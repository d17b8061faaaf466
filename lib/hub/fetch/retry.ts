// Trying again: which failures are worth another attempt, how long to wait, and when to give up with a sentence.
import { sleep } from "../../basics/sleep.ts";
import { fault } from "../../fault.ts";
import type { HubLimits } from "./settings.ts";

interface Retryable {
  readonly retryable: true;
  readonly wait: number | null; // milliseconds that the other side asked for
}

/** An error that is worth another attempt; `wait` in milliseconds where the hub asked for one. */
export function retryableError(message: string, wait: number | null = null): Error {
  return new Error(message, { cause: { retryable: true, wait } satisfies Retryable });
}

function readRetryable(error: unknown): Retryable | null {
  const cause = error instanceof Error ? error.cause : null;
  return typeof cause === "object" && cause !== null && "retryable" in cause ? cause as Retryable : null;
}

/** Runs `attempt` until it succeeds, fails for good, or has failed `limits.attempts` times in a row without
 * `progress()` having moved; then it throws model_failed with the last sentence. Aborts while it waits. */
export async function withRetries<T>(
  limits: HubLimits,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  progress: () => number = () => 0,
): Promise<T> {
  let failures = 0;
  let before = progress();
  while (true) {
    try {
      signal.throwIfAborted();
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const soft = readRetryable(error);
      if (soft === null) throw error;
      failures = progress() > before ? 1 : failures + 1;
      before = progress();
      const wait = soft.wait ?? Math.min(limits.delay * 2 ** (failures - 1), limits.longestDelay);
      if (failures >= limits.attempts || wait > limits.longestRetryAfter) {
        throw fault("model_failed", (error as Error).message);
      }
      await sleep(wait, signal);
    }
  }
}

/** Milliseconds that an answer asks to wait: a used-up `RateLimit: "api";r=0;t=55` (seconds, as the hub writes it),
 * else Retry-After (seconds or a date, by the clock that wrote the answer where it says its time); null where there is
 * neither. */
export function readRetryAfter(headers: Headers, now: number): number | null {
  const limit = /"\w+"\s*;\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/.exec(headers.get("ratelimit") ?? "");
  if (limit !== null) return Number(limit[1]) * 1000;
  const text = headers.get("retry-after");
  if (text === null) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const [date, sent] = [Date.parse(text), Date.parse(headers.get("date") ?? "")];
  return Number.isNaN(date) ? null : Math.max(0, date - (Number.isNaN(sent) ? now : sent));
}

/** A signal that aborts with `signal`, or when `alive` has not been called for `idle` milliseconds. */
export function watchIdle(
  signal: AbortSignal,
  idle: number,
): { readonly signal: AbortSignal; alive(): void; stop(): void } {
  const dead = new AbortController();
  let timer = setTimeout(() => dead.abort(), idle);
  return {
    signal: AbortSignal.any([signal, dead.signal]),
    alive: () => {
      clearTimeout(timer);
      timer = setTimeout(() => dead.abort(), idle);
    },
    stop: () => clearTimeout(timer),
  };
}
