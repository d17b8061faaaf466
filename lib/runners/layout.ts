// How a decoder-only language model is wired: which input is which, found from the session's own metadata, with
// config.json only where a shape is symbolic. It knows naming habits of exporters, no model.
import { fault } from "../fault.ts";
import { type CacheEntry, cacheEntry, configNumber, dimension } from "./naming.ts";
import type { CacheSlot, LmLayout } from "./types.ts";
import type { TensorInfo } from "../ort/types.ts";

const KEEP_NAMES = ["num_logits_to_keep", "logits_to_keep"];

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
  const attentionMask = matrixInput(inputs, "attention_mask");
  const positionIds = matrixInput(inputs, "position_ids");
  const keep = inputs.find((input) => KEEP_NAMES.includes(input.name))?.name;
  if (keep === undefined) {
    throw fault("model_failed", "The graph has no input for the number of logits to keep; prepare it first.");
  }
  const entries = cacheEntries(inputs);
  const known = new Set([inputIds, attentionMask, positionIds, keep, ...entries.map((entry) => entry.name)]);
  refuseUnknown(inputs.filter((input) => !known.has(input.name)));
  const slots = pairSlots(entries, cacheEntries(outputs), config);
  return {
    inputIds,
    attentionMask,
    positionIds,
    keep,
    ...logitsOf(outputs, config),
    slots,
    cacheType: cacheTypeOf(entries),
    sharedBuffers: sharedBuffers && slots.length > 0,
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

/** The name of an optional [batch, length] input, or null where the graph has none. */
function matrixInput(inputs: readonly TensorInfo[], name: string): string | null {
  const input = inputs.find((candidate) => candidate.name === name);
  if (input === undefined) return null;
  if (input.shape.length === 2) return name;
  throw fault("model_failed", `Expected "${name}" to have 2 dimensions but found ${input.shape.length}.`);
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

/** Inputs or outputs that are keys or values of a cache: rank 4 and a name with an index and a role. */
function cacheEntries(infos: readonly TensorInfo[]): CacheEntry[] {
  return infos.filter((info) => info.shape.length === 4).flatMap((info) => cacheEntry(info) ?? []);
}

/** One slot for each past input; keys before values, layer by layer. */
function pairSlots(
  pasts: readonly CacheEntry[],
  presents: readonly CacheEntry[],
  config: unknown,
): CacheSlot[] {
  const byPlace = new Map(presents.map((entry) => [`${entry.layer} ${entry.role}`, entry]));
  const sorted = pasts.toSorted((a, b) => a.layer - b.layer || a.role.localeCompare(b.role));
  return sorted.map((past) => {
    const present = byPlace.get(`${past.layer} ${past.role}`);
    if (present === undefined) {
      throw fault(
        "model_failed",
        `The graph reads the cache "${past.name}" but no output holds its next state.`,
      );
    }
    if (present.type !== past.type) {
      throw fault("model_failed", `"${past.name}" holds ${past.type} but "${present.name}" ${present.type}.`);
    }
    return { input: past.name, output: present.name, ...sizes(past, present, config) };
  });
}

function sizes(past: CacheEntry, present: CacheEntry, config: unknown): { kvHeads: number; headDim: number } {
  const heads = configNumber(config, "num_attention_heads", "n_head", "num_heads");
  const hidden = configNumber(config, "hidden_size", "n_embd", "d_model");
  const kvHeads = dimension(past, 1) ?? dimension(present, 1) ??
    configNumber(config, "num_key_value_heads", "num_kv_heads") ?? heads;
  const headDim = dimension(past, 3) ?? dimension(present, 3) ?? configNumber(config, "head_dim") ??
    (hidden !== null && heads !== null ? hidden / heads : null);
  if (kvHeads !== null && headDim !== null && Number.isInteger(headDim)) return { kvHeads, headDim };
  throw fault(
    "model_failed",
    `Neither the shape of "${past.name}" nor config.json says how many key-value heads of what size it holds.`,
  );
}

function cacheTypeOf(entries: readonly CacheEntry[]): "float32" | "float16" {
  const types = new Set(entries.map((entry) => entry.type));
  if (types.size > 1) throw fault("model_failed", `The cache mixes element types: ${list([...types])}.`);
  const [type = "float32"] = types;
  if (type === "float32" || type === "float16") return type;
  throw fault("model_failed", `The cache holds ${type}; only float32 and float16 caches can run.`);
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
  const vocabSize = dimension(info, 2) ?? configNumber(config, "vocab_size");
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
