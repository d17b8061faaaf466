// From a request to the task that the attribution worker gets: every default made explicit.
import { requireMeasurable } from "../../attribution/explain/faithfulness.ts";
import type { AttributionTask, Explaining } from "../../attribution/explain/task.ts";
import { requireOnlyToken } from "../../attribution/methods/only_token.ts";
import { fault } from "../../fault.ts";
import type { AttributionInput } from "../../wire/attribution.ts";
import { methodRow, type Quantity } from "../../wire/attribution_methods.ts";
import type { LanguageModel } from "../types.ts";
import type { Subject } from "./subject.ts";

/** Throws invalid_request for the logit of a span, unsupported where the method does not explain what is asked: all
 * that can be said before it is the task's turn. */
export function taskOf(
  method: Explaining,
  input: AttributionInput,
  { context, ids, rival }: Subject,
  model: LanguageModel,
): AttributionTask {
  const { signed, normalize, steps, occlusion, layer, head, heads, remove, everywhere, follow } = input;
  const { label, normalised, ofOneToken } = methodRow(method);
  const read = [...context.ids, ...ids.slice(0, -1)];
  if (input.quantity === "logit" && ids.length > 1) {
    throw fault("invalid_request", "A logit is of one token; ask for the logprob of a span.", "quantity");
  }
  const task: AttributionTask = {
    ...{
      context: context.ids,
      method,
      signed,
      steps,
      occlusion,
      layer,
      head,
      heads,
      remove,
      everywhere,
      follow,
    },
    target: { quantity: input.quantity ?? quantityOf(method, ids.length, rival), ids, rival },
    normalize: normalize ?? (normalised === true && !signed),
    baseline: method === "integrated_gradients" || method === "comparison"
      ? baselineOf(input.baseline, read, model)
      : "zero",
    faithfulness: input.faithfulness,
  };
  if (ofOneToken) requireOnlyToken(task.target, label);
  if (task.faithfulness || method === "comparison") requireMeasurable(task);
  return task;
}

function quantityOf(method: Explaining, tokens: number, rival: number | null): Quantity {
  if (rival !== null) return "logit";
  const { quantity } = methodRow(method);
  return quantity === "prob" && tokens > 1 ? "logprob" : quantity;
}

/** The ids whose embeddings stand for "no input". The published app's, through inseq: the unknown token's at every
 * place, and end-of-text tokens as they are. */
function baselineOf(
  baseline: AttributionInput["baseline"],
  read: readonly number[],
  model: LanguageModel,
): AttributionTask["baseline"] {
  if (baseline === "zero") return "zero";
  if (typeof baseline === "number") {
    return read.map(() => baseline);
  }
  const blank = findBlankToken(model);
  if (blank === null) return "zero";
  return read.map((id) => model.eosTokenIds.includes(id) ? id : blank);
}

/** The unknown token, else the padding, else the end of text; null: the model has none of them. */
function findBlankToken({ tokenizerInfo: { tokens }, codec, eosTokenIds }: LanguageModel): number | null {
  for (const name of ["unk_token", "pad_token", "eos_token"]) {
    const text = tokens[name];
    if (typeof text !== "string" || text === "") continue;
    const [id, ...more] = codec.encode(text, { postProcess: false });
    if (id !== undefined && more.length === 0) return id;
  }
  return eosTokenIds[0] ?? null;
}
