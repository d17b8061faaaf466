// Work that is done in another thread and tells how far it is, as a job: parked in between, so that others are served.
import type { AttributionProgress } from "../../wire/attribution.ts";
import type { Sliced } from "../types.ts";

/** What `work` resolves with; yields its progress, the newest where it comes faster than it is taken. */
export async function* followProgress<T>(
  work: (progress: (progress: AttributionProgress) => void) => Promise<T>,
): Sliced<T> {
  let newest: AttributionProgress | null = null;
  let told = Promise.withResolvers<void>();
  let settled = false;
  const result = work((progress) => {
    newest = progress;
    told.resolve();
  });
  const end = () => {
    settled = true;
  };
  const ended = result.then(end, end); // a job that was dropped meanwhile hears of no failure
  while (!settled) {
    if (newest !== null) {
      const progress: AttributionProgress = newest;
      newest = null;
      told = Promise.withResolvers<void>();
      yield progress;
    } else yield { until: Promise.race([ended, told.promise]) };
  }
  return await result;
}
