// What a stage may look at besides the distribution.

/** Which tokens of the path the penalties count, see `countOccurrences`. */
type PenaltyScope = "all" | "completion";

/** The tokens that end a text which begins in the token `id`, for each such text; none of them where it is whole in
 * it. */
export type TextBreaks = (id: number) => readonly (readonly number[])[];

export interface StageContext {
  /** All token ids before the next one: prompt, then completion. */
  readonly history: ArrayLike<number>;
  /** How many ids of `history` are the prompt. */
  readonly promptLength: number;
  /** Bit `id & 31` of word `id >> 5` is set where the constraint allows the token; null: no constraint. */
  readonly mask: Int32Array | null;
  /** The number in [0, 1) that decides whether XTC acts. */
  readonly xtcU: number;
  /** Texts at which repeats end for DRY, besides its tokens; absent: none. */
  readonly textBreaks?: TextBreaks | null;
  /** Log-probabilities stand for the logits, which are not known: an engine's. */
  readonly noLogits?: true;
  /** Number of tokens the model knows, removed ones included. */
  readonly vocabulary: number;
}

/** True where the constraint allows the token. */
export function allows(mask: Int32Array | null, id: number): boolean {
  return mask === null || (((mask[id >> 5] ?? 0) >>> (id & 31)) & 1) === 1;
}

/**
 * How often each token occurs in the window that penalties count: the whole path or the completion alone, and of
 * that the last `lastN` tokens (0 or less: no limit).
 */
export function countOccurrences(
  context: StageContext,
  scope: PenaltyScope,
  lastN: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of takeWindow(context, scope, lastN)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** The tokens that occur in that window, by rising id. */
export function listOccurring(context: StageContext, scope: PenaltyScope, lastN: number): Int32Array {
  const ids = takeWindow(context, scope, lastN).sort();
  let count = 0;
  for (let at = 0; at < ids.length; at++) {
    if (at === 0 || ids[at] !== ids[count - 1]) ids[count++] = ids[at]!;
  }
  return ids.subarray(0, count);
}

function takeWindow(
  { history, promptLength }: StageContext,
  scope: PenaltyScope,
  lastN: number,
): Int32Array {
  const first = scope === "completion" ? promptLength : 0;
  const start = lastN > 0 ? Math.max(first, history.length - lastN) : first;
  const ids = new Int32Array(Math.max(0, history.length - start));
  for (let at = 0; at < ids.length; at++) ids[at] = history[start + at]!;
  return ids;
}
