// What a request wants explained: which tokens, after which context.
import type { AttributionInput } from "../../wire/attribution.ts";
import { fault, unknownTokenError } from "../../fault.ts";
import { checkKnown, checkLength, type Context, contextOf } from "../context.ts";
import type { LanguageModel } from "../types.ts";

export interface Subject {
  readonly context: Context;
  /** The token, or the tokens of the span. */
  readonly ids: readonly number[];
  readonly rival: number | null;
}

/** Throws unknown_token where a request names a token that the model does not have. */
export function checkNamed(input: AttributionInput, model: LanguageModel): void {
  const { prompt_ids, completion_ids, follow, baseline } = input;
  checkKnown(prompt_ids ?? [], model, "prompt_ids");
  checkKnown(completion_ids, model, "completion_ids");
  checkKnown(follow, model, "follow");
  for (const field of ["target_token_id", "contrast_token_id"] as const) {
    const id = input[field];
    if (id !== null) checkToken(id, model, field);
  }
  if (typeof baseline === "number") checkToken(baseline, model, "baseline");
}

/** Reads the prompt and the completion before the target.
 *
 * Rejects with faults: what contextOf throws; empty_context where the target is the first token of all;
 * invalid_request where the target is not in the completion, or fields contradict each other; unknown_token for a
 * target that the model does not have. */
export async function subjectOf(
  input: AttributionInput,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Subject> {
  const { completion_ids: completion, contrast_token_id: rival } = input;
  const { from, ids } = targetOf(input);
  checkRival(ids, rival);
  const context = await contextOf({ ...input, completion_ids: completion.slice(0, from) }, model, signal);
  checkLength([...context.ids, ...ids.slice(0, -1)], model, "completion_ids");
  return { context, ids, rival };
}

/** Where in the completion the target begins, and its tokens. As the published app: an index below 0 counts as 0, and
 * a token id stands in the place of the completion's token. */
function targetOf(
  { completion_ids: completion, target_index, target_token_id, target_span }: AttributionInput,
): { readonly from: number; readonly ids: readonly number[] } {
  if (target_span !== null) {
    const [from, to] = target_span;
    if (target_token_id !== null) {
      throw fault("invalid_request", "Send target_span or target_token_id, not both.", "target_span");
    }
    if (from >= 0 && from < to && to <= completion.length) return { from, ids: completion.slice(from, to) };
    throw fault(
      "invalid_request",
      `target_span must be [from, to) within the completion's ${completion.length} tokens, but is [${from}, ${to}).`,
      "target_span",
    );
  }
  const from = Math.max(0, target_index);
  const id = target_token_id ?? completion[from];
  if (id !== undefined) return { from, ids: [id] };
  throw fault(
    "invalid_request",
    `target_index must be below the completion's ${completion.length} tokens, but is ${from}. ` +
      "Send target_token_id to explain a token that is not in the completion.",
    "target_index",
  );
}

function checkRival(ids: readonly number[], rival: number | null): void {
  if (rival === null) return;
  if (ids.length > 1) {
    throw fault(
      "invalid_request",
      "A contrast is of one token: choose one of the span's.",
      "contrast_token_id",
    );
  }
  if (ids[0] === rival) {
    throw fault(
      "invalid_request",
      "The contrast must be another token than the target.",
      "contrast_token_id",
    );
  }
}

/** Throws unknown_token for an id that the model has no logit for. */
function checkToken(id: number, model: LanguageModel, field: string): void {
  if (!(id < model.vocabSize)) throw unknownTokenError(id, model, field);
}
