// Texts of any length as ids, in turns with other jobs: a megabyte is a second of work.
import { toNumbers } from "../basics/numbers.ts";
import { fault } from "../fault.ts";
import type { EncodeOptions } from "../text/types.ts";
import type { LanguageModel } from "./types.ts";

/** Ids beyond the context are counted up to so many times its length, for a sentence that says how much is too much. */
const COUNTED_CONTEXTS = 2;

export interface EncodeTextOptions extends EncodeOptions {
  readonly signal: AbortSignal;
  readonly field: string; // of the request, that the text comes from
  /** How a sentence begins that says how long it is. */
  readonly has?: string;
}

/** The ids of a text that a model is to read, and whether all of its characters have a token.
 *
 * Throws context_too_long where the text is far longer than a context: that shows before it is encoded whole. */
export async function encodeText(
  text: string,
  model: LanguageModel,
  { signal, field, has = "The text has", ...options }: EncodeTextOptions,
): Promise<{ readonly ids: readonly number[]; readonly complete: boolean }> {
  await checkTextLength(text, model, { signal, field, has });
  const { codec, turns, contextLength, id } = model;
  const most = COUNTED_CONTEXTS * contextLength;
  const read = await turns.finish(codec.encodeInSlices(text, { ...options, most }), signal);
  if (read !== null) return { ids: toNumbers(read.ids), complete: read.complete };
  const message = `${has} more than ${most} tokens, and ${id} can read ${contextLength}. Shorten it.`;
  throw fault("context_too_long", message, field);
}

/** Throws context_too_long where a text is longer than all tokens of a context could be. */
async function checkTextLength(
  text: string,
  { contextLength, id, codec, turns }: LanguageModel,
  { signal, field, has }: EncodeTextOptions,
): Promise<void> {
  if (text.length <= contextLength) return;
  if (await turns.finish(codec.leastTokens(text), signal) <= contextLength) return;
  const message =
    `${has} ${text.length} characters, more than the ${contextLength} tokens that ${id} can read ` +
    "may hold. Shorten it.";
  throw fault("context_too_long", message, field);
}
