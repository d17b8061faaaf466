// From a request to the ids the model reads. Every endpoint goes through here, so that a bad id or a context that
// is too long gets the same sentence everywhere. Text is never cut.
import { fault } from "../fault.ts";
import type { LanguageModel } from "./types.ts";

/** The ids of a context given as exact `ids`, or as `text` read with the tokenizer's defaults (its BOS if it has
 * one; special-token strings are special tokens).
 *
 * Throws faults: empty_context, unknown_token, context_too_long. */
export function contextIds(
  source: { readonly text: string | null; readonly ids: readonly number[] | null },
  model: LanguageModel,
): readonly number[] {
  const ids = source.ids ?? model.codec.encode(source.text ?? "");
  checkIds(ids, model, source.ids ? "ids" : "text");
  return ids;
}

/** Throws where a context cannot be read by the model; `field` names the part of the request it came from. */
export function checkIds(ids: readonly number[], model: LanguageModel, field: string): void {
  if (ids.length === 0) {
    throw fault("empty_context", "The context has no token. Write at least one character.", field);
  }
  const over = ids.length - model.contextLength;
  if (over > 0) {
    const count = over === 1 ? "1 token" : `${over} tokens`;
    const message =
      `The context has ${ids.length} tokens, ${count} more than the ${model.contextLength} that ${model.id} can read. Shorten it by ${count}.`;
    throw fault("context_too_long", message, field);
  }
  const bad = ids.findIndex((id) => !(id >= 0 && id < model.vocabSize));
  if (bad >= 0) {
    const message = `Token id ${ids[bad]} is not in the vocabulary of ${model.id} (0 to ${
      model.vocabSize - 1
    }).`;
    throw fault("unknown_token", message, `${field}[${bad}]`);
  }
}
