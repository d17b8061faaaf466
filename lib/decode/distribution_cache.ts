// The last distributions with everything their stages did, by path and settings: the position that a page was shown
// is the one its next step draws from. Speed only: emptied at any moment, the answers are the same.
import { LRUCache } from "lru-cache";
import { pathKeyOf } from "../basics/path_key.ts";
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { DistResult } from "../wire/distribution.ts";
import type { Params } from "../sampling/params.ts";
import type { PipelineRun } from "../sampling/pipeline.ts";

const BUDGET_BYTES = 48 * 2 ** 20;
/** Descriptions of more tokens are made anew: they would be larger than the distribution. */
const MOST_DESCRIBED = 1024;

/** Values of a token's description, its bytes and stages among them. */
const VALUES_A_TOKEN = 24;

interface Entry {
  readonly logits: Float32Array; // what the run was made from
  readonly run: PipelineRun;
}

/** Values that are part of several answers, and their JSON as UTF-8; where it was not written yet, about how many
 * values it will hold. */
export type KnownTexts = WeakMap<object, Uint8Array | number>;

/** What a run depends on besides the logits. */
export interface RunSettings {
  readonly ids: readonly number[];
  readonly promptLength: number;
  readonly params: Params;
  readonly xtcU: number; // in [0, 1)
  readonly constraint: ConstraintInput | null; // the one that acts
  readonly allowed: readonly number[] | null; // nothing but these is left
  readonly breakerTexts: readonly string[];
}

export class DistributionCache {
  readonly #entries: LRUCache<string, Entry>;
  #described = new WeakMap<PipelineRun, { readonly key: string; readonly result: DistResult }>();
  /** The descriptions that are kept. */
  readonly texts: KnownTexts = new WeakMap();

  constructor(budgetBytes = BUDGET_BYTES) {
    this.#entries = new LRUCache({ maxSize: budgetBytes, sizeCalculation: ({ run }) => bytesOf(run) });
  }

  /** The run over these `logits`, or `make`'s. Logits that were computed anew give a new run, so that nothing here
   * can outlive what it was made from. */
  run(settings: RunSettings, logits: Float32Array, make: () => PipelineRun): PipelineRun {
    const key = keyOf(settings);
    const known = this.#entries.get(key);
    if (known?.logits === logits) return known.run;
    const run = make();
    this.#entries.set(key, { logits, run });
    return run;
  }

  /** The description of a run under `key`, or `make`'s. */
  describe(run: PipelineRun, key: string, make: () => DistResult): DistResult {
    const known = this.#described.get(run);
    if (known?.key === key) return known.result;
    const result = make();
    if (result.tokens.length > MOST_DESCRIBED) return result;
    this.#described.set(run, { key, result });
    this.texts.set(result, VALUES_A_TOKEN * result.tokens.length);
    return result;
  }

  clear(): void {
    this.#entries.clear();
    this.#described = new WeakMap();
  }
}

/** Stop sequences change no distribution, and the seed none but through XTC's number, where XTC is on. */
function keyOf({ ids, promptLength, params, xtcU, constraint, allowed, breakerTexts }: RunSettings): string {
  const acting = { ...params, seed: null, stop_sequences: [] };
  const drawn = params.xtc_probability > 0 ? xtcU : null;
  return JSON.stringify([promptLength, acting, drawn, constraint, allowed, breakerTexts]) + pathKeyOf(ids);
}

/** Bytes of the arrays that a run keeps alive, whether they are made yet or not, each counted once: what a stage gives
 * is what the next one gets. */
function bytesOf({ raw, base, final, stages }: PipelineRun): number {
  let values = raw.size;
  let isBaseAmong = base === raw;
  let last = raw;
  for (const { after } of stages) {
    if (after === base) isBaseAmong = true;
    if (after !== last) values += after.size;
    last = after;
  }
  if (!isBaseAmong) values += base.size;
  if (final !== last) values += final.size;
  return Math.max(1, 2 * values * Float64Array.BYTES_PER_ELEMENT);
}
