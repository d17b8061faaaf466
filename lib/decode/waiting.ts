// Waiting for work that is done elsewhere (a program in the sandbox) without holding up other jobs of this worker.
import type { Sliced } from "./types.ts";

/** Steps of the microtask queue within which work counts as done at once: what a cache has takes two or three. */
const NEAR_STEPS = 8;

/** What `work` resolves with. Unless that is there at once, the job is parked until `work` settles. */
export async function* waitFor<T>(work: Promise<T>): Sliced<T> {
  let settled = false;
  const end = () => {
    settled = true;
  };
  const until = work.then(end, end); // a job that was dropped meanwhile hears of no failure
  for (let step = 0; step < NEAR_STEPS && !settled; step++) await null;
  if (!settled) yield { until };
  return await work;
}
