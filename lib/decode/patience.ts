// Waiting for work that is done elsewhere (the sandbox) without holding up those who wait for this worker.
import type { Sliced } from "./types.ts";

/** Milliseconds after which others get their turn. */
const TURN_MS = 5;

/** What `work` resolves with; yields again and again until it does. */
export async function* patiently<T>(work: Promise<T>): Sliced<T> {
  let waiting = true;
  const settled = work.finally(() => waiting = false);
  settled.catch(() => {}); // nobody may be there any more when it fails
  while (true) {
    await Promise.race([settled, turn(settled)]);
    if (!waiting) return await settled;
    yield { done: 0, total: 1 };
  }
}

/** Resolves after a turn, or when the work is done. */
function turn(settled: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, TURN_MS);
  settled.catch(() => {}).finally(() => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}
