// What a run of the pipeline did to single tokens.
import { allows } from "./context.ts";
import { bestIds, isLeft, logitOf, probOf } from "./dist_forms.ts";
import type { StageName } from "./params.ts";
import type { PipelineRun } from "./pipeline.ts";
import { findSmallestChanges, type SettingChange } from "./smallest_change.ts";

interface TokenLedger {
  readonly id: number;
  readonly logit: number; // as the model gave it; -Infinity where it gave none
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
  const removedAt = list.map((id) => findRemovingStage(run, id));
  const found = changes ? findChanges(run, list, removedAt) : new Map<number, SettingChange | null>();
  return Array.from(list, (id, at) => ({
    id,
    logit: logitOf(run.raw, id),
    pBase: probOf(run.base, id),
    pFinal: probOf(run.final, id),
    kept: isLeft(run.final, id),
    valid: allows(run.context.mask, id),
    removedBy: run.stages[removedAt[at]!]?.name ?? null,
    stages: run.stages.map(({ after }) => probOf(after, id)),
    change: found.get(id) ?? null,
  }));
}

/** Index of the stage that removed the token; -1: none did. */
function findRemovingStage({ raw, stages }: PipelineRun, id: number): number {
  if (!(id >= 0 && id < raw.size)) {
    throw new RangeError(`Expected a token id below ${raw.size} but found ${id}`);
  }
  if (!isLeft(raw, id)) return -1;
  return stages.findIndex(({ after }) => !isLeft(after, id));
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
