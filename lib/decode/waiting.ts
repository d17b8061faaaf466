// Work that is done elsewhere, by a program in the sandbox or a run of the model: it holds up neither other jobs of
// this worker nor what this job can do meanwhile.
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

/** Slices whose first one is under way. */
export interface Begun<T> {
  /** The same slices, to be taken once. */
  readonly slices: Sliced<T>;
  /** Ends them where nobody takes them. */
  drop(): Promise<void>;
}

/** Begins `slices`, and resolves when what their first one does elsewhere is under way: the job does other things
 * meanwhile. What they throw is told to whoever takes them. */
export async function begin<T>(slices: Sliced<T>): Promise<Begun<T>> {
  const first = slices.next();
  first.catch(() => {});
  for (let step = 0; step < NEAR_STEPS; step++) await null;
  return {
    slices: goOn(first, slices),
    drop: async () => void await slices.return(undefined as never).catch(() => {}),
  };
}

async function* goOn<T>(first: ReturnType<Sliced<T>["next"]>, slices: Sliced<T>): Sliced<T> {
  try {
    let slice = await first;
    while (!slice.done) {
      yield slice.value;
      slice = await slices.next();
    }
    return slice.value;
  } finally {
    await slices.return(undefined as never); // a job that ends in the middle ends them too
  }
}
