// What must hold between the settings of a request and the model, which no schema can know.
import { PARAMETER_LIST } from "../sampling/params.ts";
import type { PreviewInput } from "../wire/preview.ts";
import { unknownTokenError } from "../fault.ts";
import { checkKnown } from "./context.ts";
import type { LanguageModel } from "./types.ts";

/** Throws unknown_token for ids the model does not have. */
export function checkSettings({ params }: Pick<PreviewInput, "params">, model: LanguageModel): void {
  for (const [name, row] of PARAMETER_LIST) {
    if (row.kind === "ids") checkKnown(params[name] as readonly number[], model, `params.${name}`);
    if (row.kind === "biases") checkKeys(params[name] as Readonly<Record<string, number>>, name, model);
  }
}

function checkKeys(biases: Readonly<Record<string, number>>, name: string, model: LanguageModel): void {
  const unknown = Object.keys(biases).find((id) => !(Number(id) < model.vocabSize));
  if (unknown !== undefined) throw unknownTokenError(unknown, model, `params.${name}.${unknown}`);
}

/** Sentences about settings that do less than they say. */
export function warningsOfSettings({ top_k, params }: PreviewInput, model: LanguageModel): string[] {
  const warnings: string[] = [];
  if (top_k > model.vocabSize) {
    warnings.push(`top_k is more than the ${model.vocabSize} tokens of the vocabulary; all are listed.`);
  }
  if (params.xtc_probability > 0 && params.xtc_threshold > 0.5) {
    warnings.push("xtc_threshold is above 0.5, so XTC does nothing.");
  }
  return warnings;
}
