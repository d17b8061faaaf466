// What a run of the pipeline did to single tokens.
import { allows } from "./context.ts";
import type { Dist } from "./dist.ts";
import { bestIds, isLeft, listProbs, logitOf } from "./dist_forms.ts";
import type { StageName } from "./params.ts";
import type { PipelineRun } from "./pipeline.ts";
import { findSmallestChanges, type SettingChange } from "./smallest_change.ts";

interface TokenLedger {
  readonly id: number;
  readonly logit: number; // as the model gave it; -Infinity where it gave none
  readonly pRaw: number; // softmax of the logits as the model gave them
  readonly pBase: number; // after penalties and temperature
  readonly pFinal: number;
  readonly kept: boolean;
  readonly valid: boolean; // the constraint allows it
  readonly removedBy: StageName | null;
  /** Probability after each of the run's stages, 0 from the one that removed it on. */
  readonly stages: readonly number[];
  /** What brings a removed token back; null where no single setting does. */
  readonly change: SettingChange | null;
}

/** The `k` first tokens in the order in which candidates are shown: by p_base, ties by rising id. */
export function orderShown(run: PipelineRun, k: number): Int32Array {
  return bestIds(run.base, Math.min(k, countKnown(run)));
}

/** Tokens of which anything is known: all, or those that an engine lists. */
export function countKnown({ raw }: PipelineRun): number {
  return raw.beyond === undefined ? raw.size : raw.kept;
}

/** False where the engine does not list the token. */
export function isKnown({ raw }: PipelineRun, id: number): boolean {
  return raw.beyond === undefined || isLeft(raw, id);
}

/**
 * The ledger of each token. `changes` false leaves out the search for what would bring removed tokens back (null
 * for all), for long lists.
 */
export function ledgerOf(run: PipelineRun, ids: ArrayLike<number>, { changes = true } = {}): TokenLedger[] {
  const list = Int32Array.from(ids);
  const removedAt = findRemovingStages(run, list);
  const found = changes ? findChanges(run, list, removedAt) : new Map<number, SettingChange | null>();
  const columns = new Map<Dist, Float64Array>(); // a distribution stands before one stage and after another
  const columnOf = (dist: Dist) => {
    let column = columns.get(dist);
    if (column === undefined) columns.set(dist, column = listProbs(dist, list));
    return column;
  };
  const [raw, base, final] = [columnOf(run.raw), columnOf(run.base), columnOf(run.final)];
  const after = run.stages.map((stage) => columnOf(stage.after));
  return Array.from(list, (id, at) => ({
    id,
    logit: logitOf(run.raw, id),
    pRaw: raw[at]!,
    pBase: base[at]!,
    pFinal: final[at]!,
    kept: isLeft(run.final, id),
    valid: allows(run.context.mask, id),
    removedBy: run.stages[removedAt[at]!]?.name ?? null,
    stages: after.map((column) => column[at]!),
    change: found.get(id) ?? null,
  }));
}

/** Index of the stage that removed each token; -1: none did. */
function findRemovingStages({ raw, stages }: PipelineRun, ids: Int32Array): Int32Array {
  const wrong = ids.find((id) => !(id >= 0 && id < raw.size));
  if (wrong !== undefined) {
    throw new RangeError(`Expected a token id below ${raw.size} but found ${wrong}`);
  }
  return ids.map((id) =>
    isLeft(raw, id) ? stages.findIndex(({ removed, after }) => removed > 0 && !isLeft(after, id)) : -1
  );
}

function findChanges(
  run: PipelineRun,
  ids: Int32Array,
  removedAt: Int32Array,
): Map<number, SettingChange | null> {
  const found = new Map<number, SettingChange | null>();
  run.stages.forEach((_stage, index) => {
    const own = ids.filter((_id, at) => removedAt[at] === index);
    if (own.length === 0) return;
    findSmallestChanges(run, index, own).forEach((change, at) => found.set(own[at]!, change));
  });
  return found;
}
