// How a decoder-only language model is wired: which input is which, found from the session's own metadata, with
// config.json only where a shape is symbolic. It knows naming habits of exporters, no model.
import { fault } from "../fault.ts";
import { isLogitsToKeep } from "../onnx/logits_to_keep.ts";
import { findIntegers } from "./integers.ts";
import { dimensionOf, readCachePlace, readConfigNumber } from "./naming.ts";
import { findSlots, growsWithTokens } from "./slots.ts";
import type { LmLayout } from "./types.ts";
import type { TensorInfo } from "../ort/types.ts";

/** Wiring of the language model with these inputs and outputs.
 *
 * `config` is the parsed config.json; `sharedBuffers` comes from {@link prepareGraph}, which sees the nodes.
 * A graph without a cache has no slots. Throws a `model_failed` fault that says what the graph needs and we lack. */
export function findLayout(
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  config: unknown,
  sharedBuffers = false,
): LmLayout {
  const inputIds = findInputIds(inputs);
  const oneAtATime = dimensionOf(inputs.find(({ name }) => name === inputIds)!, 1) === 1;
  const integers = findIntegers(inputs, oneAtATime);
  const logits = logitsOf(outputs, config);
  const named = new Set(integers.map((input) => input.name));
  if (!integers.some(({ name }) => isLogitsToKeep(name))) {
    throw fault("model_failed", "The graph has no input for the number of logits to keep; prepare it first.");
  }
  const others = inputs.filter((input) => !named.has(input.name));
  refuseUnknown(others.filter((input) => readCachePlace(input) === null));
  const slots = findSlots(others, outputs, config);
  return {
    inputIds,
    ...oneAtATime && { oneAtATime },
    integers,
    ...logits,
    slots,
    sharedBuffers: sharedBuffers && slots.length > 0 && growsWithTokens(slots),
  };
}

function findInputIds(inputs: readonly TensorInfo[]): string {
  const names = inputs.map((input) => input.name);
  const encoder = names.find((name) => name.startsWith("encoder_") || name.startsWith("decoder_input"));
  if (encoder !== undefined) {
    throw fault(
      "model_failed",
      `This is an encoder-decoder model (its graph asks for "${encoder}"); only decoder-only text models can run.`,
    );
  }
  if (names.includes("input_ids")) return "input_ids";
  if (names.includes("inputs_embeds")) {
    throw fault(
      "model_failed",
      'This graph takes embeddings ("inputs_embeds") in place of token ids; it is one part of a larger model.',
    );
  }
  throw fault(
    "model_failed",
    `This graph has no input "input_ids", so it is no text model we can run; its inputs are ${list(names)}.`,
  );
}

function refuseUnknown(unknown: readonly TensorInfo[]): void {
  if (unknown.length === 0) return;
  const names = unknown.map((input) => input.name);
  const image = names.find((name) => /pixel|image|audio|input_features/.test(name));
  throw fault(
    "model_failed",
    image === undefined
      ? `The graph needs inputs that we do not know: ${list(names)}.`
      : `This model needs more than text (its graph asks for "${image}"); only text models can run.`,
  );
}

function logitsOf(
  outputs: readonly TensorInfo[],
  config: unknown,
): Pick<LmLayout, "logits" | "vocabSize"> {
  const info = outputs.find((output) => output.name === "logits");
  if (info === undefined) {
    const names = list(outputs.map((output) => output.name));
    throw fault(
      "model_failed",
      `This graph has no output "logits", so it is no language model: it gives ${names}.`,
    );
  }
  const { name, type, shape } = info;
  if (type !== "float32" && type !== "float16") {
    throw fault("model_failed", `The logits are ${type}; only float32 and float16 logits can be read.`);
  }
  if (shape.length !== 3) {
    throw fault("model_failed", `Expected logits of 3 dimensions but found ${shape.length}.`);
  }
  const vocabSize = dimensionOf(info, 2) ?? readConfigNumber(config, "vocab_size");
  if (vocabSize === null) {
    throw fault(
      "model_failed",
      "Neither the shape of the logits nor config.json says how many tokens there are.",
    );
  }
  return { logits: { name, type }, vocabSize };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `"${name}"`).join(", ");
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown || "none";
}
