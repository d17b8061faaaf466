// From a request to the task that the attribution worker gets: every default made explicit.
import type { AttributionTask, Explaining } from "../../attribution/explain/task.ts";
import { fault } from "../../fault.ts";
import type { AttributionInput } from "../../wire/attribution.ts";
import type { LanguageModel } from "../types.ts";
import type { Subject } from "./subject.ts";

type Quantity = AttributionTask["target"]["quantity"];

/** Methods whose lengths the published app divides by their sum. */
const NORMALISED: ReadonlySet<string> = new Set([
  "attention",
  "saliency",
  "input_x_gradient",
  "integrated_gradients",
]);
const OF_PROBABILITY: ReadonlySet<string> = new Set(["saliency", "input_x_gradient", "integrated_gradients"]);

/** Throws invalid_request where fields contradict each other, unknown_token for a baseline that is no token. */
export function taskOf(
  method: Explaining,
  input: AttributionInput,
  { context, ids, rival }: Subject,
  model: LanguageModel,
): AttributionTask {
  const { signed, normalize, steps, occlusion, layer, head, heads, remove, everywhere, follow } = input;
  const read = [...context.ids, ...ids.slice(0, -1)];
  checkFields(method, input, ids.length);
  return {
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
    normalize: normalize ?? (NORMALISED.has(method) && !signed),
    baseline: method === "integrated_gradients" || method === "comparison"
      ? baselineOf(input.baseline, read, model)
      : "zero",
    faithfulness: input.faithfulness && method !== "direct_logit" && method !== "logit_lens",
  };
}

function quantityOf(method: Explaining, tokens: number, rival: number | null): Quantity {
  if (rival !== null || method === "direct_logit") return "logit";
  return OF_PROBABILITY.has(method) && tokens === 1 ? "prob" : "logprob";
}

function checkFields(method: Explaining, input: AttributionInput, tokens: number): void {
  const refuse = (field: keyof AttributionInput, sentence: string) => {
    throw fault("invalid_request", sentence, field);
  };
  if (input.quantity === "logit" && tokens > 1) {
    refuse("quantity", "A logit is of one token; ask for the logprob of a span.");
  }
  if (input.remove.length > 0 && method !== "direct_logit") {
    refuse("remove", "Parts are removed with method direct_logit.");
  }
  if (input.faithfulness && (method === "direct_logit" || method === "logit_lens")) {
    refuse("faithfulness", `${method} scores no tokens, so there is no faithfulness to measure.`);
  }
  if (method === "attention") return;
  for (const field of ["layer", "head"] as const) {
    if (input[field] !== null) refuse(field, `${field} chooses an attention; ${method} has no use for it.`);
  }
  if (input.heads) refuse("heads", `heads are rows of attention; ${method} has none.`);
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
  const blank = blankToken(model);
  if (blank === null) return "zero";
  return read.map((id) => model.eosTokenIds.includes(id) ? id : blank);
}

/** The unknown token, else the padding, else the end of text; null: the model has none of them. */
function blankToken({ tokenizerInfo: { tokens }, codec, eosTokenIds }: LanguageModel): number | null {
  for (const name of ["unk_token", "pad_token", "eos_token"]) {
    const text = tokens[name];
    if (typeof text !== "string" || text === "") continue;
    const [id, ...more] = codec.encode(text, { postProcess: false });
    if (id !== undefined && more.length === 0) return id;
  }
  return eosTokenIds[0] ?? null;
}
