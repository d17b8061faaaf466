// What a step is forced to append.
import { fault, unknownTokenError } from "../fault.ts";
import type { StepInput } from "../wire/step.ts";
import { encodeText } from "./encode_text.ts";
import type { LanguageModel } from "./types.ts";

export interface Forced {
  readonly ids: readonly number[];
  readonly by: "token" | "text";
}

/** The forced ids; null: nothing is forced. Throws faults: invalid_request for two kinds of force or a text without a
 * token, unknown_token, context_too_long. */
export async function encodeForced(
  { force_token_id, force_text }: StepInput,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Forced | null> {
  if (force_token_id !== null && force_text) {
    throw fault("invalid_request", "Send force_token_id or force_text, not both.", "force_text");
  }
  if (force_token_id !== null) {
    if (force_token_id < model.vocabSize) return { ids: [force_token_id], by: "token" };
    throw unknownTokenError(force_token_id, model, "force_token_id");
  }
  if (!force_text) return null;
  const options = { signal, field: "force_text", specials: false, postProcess: false };
  const { ids } = await encodeText(force_text, model, options);
  if (ids.length > 0) return { ids, by: "text" };
  throw fault("invalid_request", "None of the characters of force_text has a token.", "force_text");
}
