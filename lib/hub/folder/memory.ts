// How much memory a model will take, before it is loaded. An estimate: weights, keys and values, scratch.
import { fault } from "../../fault.ts";
import type { Device } from "../../wire/device.ts";
import { readCount, textConfigOf } from "./config.ts";
import type { JsonObject, ModelFile } from "./types.ts";

/** Contexts longer than this are not counted: few texts reach the end of a long context. */
const COUNTED_CONTEXT = 2048; // tokens
const RUNTIME_BYTES = 96 * 1024 * 1024; // session, tokenizer, JavaScript

/** Bytes that the model will take: its weights (twice where the CPU unpacks 16-bit ones), the keys and values of
 * up to 2,048 tokens (2 · layers · heads · size · bytes), one row of logits in double precision per 64 tokens. */
export function estimateMemory(file: ModelFile, whole: JsonObject, device: Device): number {
  const config = textConfigOf(whole);
  const unpacked = device === "cpu" && file.quantization === "fp16" ? 2 : 1;
  const hidden = readCount(config.hidden_size) ?? readCount(config.n_embd) ?? 0;
  const layers = readCount(config.num_hidden_layers) ?? readCount(config.n_layer) ?? 0;
  const heads = readCount(config.num_attention_heads) ?? readCount(config.n_head) ?? 1;
  const headSize = readCount(config.head_dim) ?? hidden / heads;
  const kvHeads = readCount(config.num_key_value_heads) ?? heads;
  const length = Math.min(COUNTED_CONTEXT, readCount(config.max_position_embeddings) ?? COUNTED_CONTEXT);
  const element = file.arithmetic === "float16" ? 2 : 4;
  const keysAndValues = 2 * layers * kvHeads * headSize * length * element;
  const logits = (readCount(config.vocab_size) ?? 0) * 8 * 32;
  return Math.round(file.bytes * unpacked + keysAndValues + logits + RUNTIME_BYTES);
}

/** Throws model_failed with both numbers where `need` bytes do not fit `available`; null = unknown. */
export function checkMemory(id: string, file: ModelFile, need: number, available: number | null): void {
  if (available === null || need <= available) return;
  throw fault(
    "model_failed",
    `${id} (${file.quantization}) needs about ${sizeText(need)} of memory, but only ${
      sizeText(available)
    } are free. ` +
      "Choose a smaller model or a smaller dtype such as q4.",
  );
}

/** Free memory of this machine in bytes, null where this process may not ask. */
export function readAvailableMemory(): number | null {
  try {
    return Deno.systemMemoryInfo().available;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}

/** Bytes for people, in decimal units: "612 MB", "1.3 GB". */
export function sizeText(bytes: number): string {
  if (bytes >= 999.5e6) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}
