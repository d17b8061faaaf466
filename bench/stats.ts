// What is told of a list of samples. Minimums are the most repeatable on a shared machine, medians what people feel.

export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** Summary of one or more samples; the 95th percentile is the nearest rank. */
export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError("Expected at least one sample but found none");
  const sorted = samples.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  return {
    count: sorted.length,
    min: sorted[0]!,
    median: (sorted[Math.floor(last / 2)]! + sorted[Math.ceil(last / 2)]!) / 2,
    p95: sorted[Math.ceil(sorted.length * 0.95) - 1]!,
    max: sorted[last]!,
  };
}

/** Smallest sample of `slow` divided by the smallest of `fast`. */
export function minimumRatio(slow: readonly number[], fast: readonly number[]): number {
  return summarise(slow).min / summarise(fast).min;
}

/** Milliseconds that `work` takes. */
export async function measureTime(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Runs every variant once a round, in turn, so that drift of the machine hits all alike; every other round goes
 * backwards, so that none is always the first. Each variant returns its samples of the round. */
export async function inRounds<Name extends string>(
  count: number,
  variants: Readonly<Record<Name, () => Promise<readonly number[]>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(variants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < count; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      samples[name].push(...await variants[name]());
    }
  }
  return samples;
}
