// When a completion ends: an end-of-text token, a stop sequence, the end of a constraint, a full context.
import type { StopReason } from "../wire/step.ts";
import type { LanguageModel } from "./types.ts";

interface Appended {
  readonly ids: readonly number[]; // the whole path
  readonly promptLength: number;
  readonly count: number; // how many of `ids`, at its end, are new
  readonly stopSequences: readonly string[];
  readonly mustEnd: boolean; // the constraint allows nothing but the end
}

/** Why the completion ends with what was appended; null: it goes on. */
export function stopReasonOf(appended: Appended, model: LanguageModel): StopReason | null {
  const { ids, count, mustEnd } = appended;
  if (ids.slice(ids.length - count).some((id) => model.eosTokenIds.includes(id))) return "eos_token";
  if (completesStopSequence(appended, model)) return "stop_sequence";
  if (mustEnd) return "constraint_end";
  return ids.length >= model.contextLength ? "context_full" : null;
}

/** True where a stop sequence of the completion's text ends in what was appended. It may begin anywhere in the
 * completion and cross tokens; one that was complete before is history. */
function completesStopSequence(
  { ids, promptLength, count, stopSequences }: Appended,
  model: LanguageModel,
): boolean {
  if (stopSequences.length === 0) return false;
  const before = completionText(ids.slice(0, ids.length - count), promptLength, model);
  const after = completionText(ids, promptLength, model);
  const known = measureCommonStart(before, after); // an unfinished character is shown as U+FFFD until it is whole
  return stopSequences.some((stop) => after.indexOf(stop, Math.max(0, known - stop.length + 1)) >= 0);
}

/** As part of its path: alone, some tokenizers drop its first space. */
function completionText(ids: readonly number[], promptLength: number, { codec }: LanguageModel): string {
  return codec.tokensOf(ids, promptLength).map(({ text }) => text).join("");
}

function measureCommonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
