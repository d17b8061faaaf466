// What options are read after to see what they are worth by themselves: the context without the prompt.
import { faultOf } from "../fault.ts";
import type { ChoicesInput } from "../wire/choices.ts";
import { type Context, contextOf } from "./context.ts";
import type { LanguageModel } from "./types.ts";

/** With a chat template: the same turns, those of user and assistant empty. Else what the tokenizer begins a text with,
 * or the first end-of-text token, which comes before a text in training; null where there is neither, or the template
 * refuses empty turns. */
export async function priorOf(
  input: ChoicesInput,
  { templateText }: Context,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  if (templateText === null) {
    const begin = model.codec.encode("");
    return begin.length > 0 ? begin : model.eosTokenIds.length > 0 ? model.eosTokenIds.slice(0, 1) : null;
  }
  const messages = input.messages?.map((turn) => turn.role === "system" ? turn : { ...turn, content: "" }) ??
    null;
  try {
    const empty = { ...input, prompt: "", messages, prompt_ids: null, completion_ids: [] };
    return (await contextOf(empty, model, signal)).ids;
  } catch (error) {
    if (faultOf(error) === null) throw error;
    return null;
  }
}
