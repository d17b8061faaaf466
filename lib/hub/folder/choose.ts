// Which of a model's files to run: a pure decision from the variants, the device, the requested variant and the memory.
import type { Device } from "../../wire/device.ts";
import { fault } from "../../fault.ts";
import type { ModelFile } from "./types.ts";
import { listQuantizations, quantizationOf } from "./quantizations.ts";

/** What the choice depends on. */
export interface FileCriteria {
  readonly device: Device;
  /** A quantization by name ("q4", "fp16", "float32" ...); null, "" and "auto" leave the choice to us. */
  readonly variant?: string | null;
  /** Bytes of memory a model may take; null or absent = unknown. */
  readonly memory?: number | null;
}

// Exactness first. On the CPU float16 arithmetic is emulated, so it comes after everything with float32
// arithmetic but the 8-bit activations, which move probabilities most.
const CPU_ORDER = [
  "fp32",
  "q4",
  "int4",
  "bnb4",
  "fp16",
  "q4f16",
  "q8",
  "int8",
  "uint8",
  "q2",
  "q2f16",
  "q1",
  "q1f16",
  "other",
];
const GPU_ORDER = [
  "fp16",
  "q4f16",
  "fp32",
  "q4",
  "int4",
  "bnb4",
  "q8",
  "int8",
  "uint8",
  "q2f16",
  "q2",
  "q1f16",
  "q1",
  "other",
];

/** Full weights beyond this size are passed over for a smaller variant: reading them costs every token. */
const SENSIBLE_BYTES = { cpu: 1024 ** 3, gpu: 6 * 1024 ** 3 };

/** The file to run. On a GPU 16-bit arithmetic comes first, on the CPU 32-bit; full weights only up to a
 * sensible size and while they fit the memory. Throws invalid_request for an unknown `variant`, model_failed
 * where the requested variant is not there or there are no files at all. */
export function chooseFile(id: string, files: readonly ModelFile[], criteria: FileCriteria): ModelFile {
  if (files.length === 0) {
    throw fault(
      "model_failed",
      `The model ${id} has no ONNX file that can be run (onnx/model.onnx or a variant of it).`,
    );
  }
  const requested = parseVariant(criteria.variant);
  if (requested !== null) return findRequested(id, files, requested);
  const order = criteria.device === "cpu" ? CPU_ORDER : GPU_ORDER;
  const ranked = [...files].sort((a, b) => order.indexOf(a.quantization) - order.indexOf(b.quantization));
  const memory = criteria.memory ?? Number.POSITIVE_INFINITY;
  const sensible = criteria.device === "cpu" ? SENSIBLE_BYTES.cpu : SENSIBLE_BYTES.gpu;
  const fitting = ranked.find((file) => file.bytes <= (isFull(file) ? Math.min(memory, sensible) : memory));
  return fitting ?? [...ranked].sort((a, b) => a.bytes - b.bytes)[0] ?? files[0]!;
}

function isFull(file: ModelFile): boolean {
  return file.quantization === "fp32" || file.quantization === "fp16";
}

/** The quantization that `variant` asks for, null where it asks for nothing. Throws invalid_request. */
export function parseVariant(variant: string | null | undefined): string | null {
  if (variant === null || variant === undefined || variant === "" || variant === "auto") return null;
  const requested = quantizationOf(variant);
  if (requested !== null) return requested;
  const shown = JSON.stringify(variant.slice(0, 40));
  throw fault(
    "invalid_request",
    `Unknown dtype ${shown}: use auto or one of ${listQuantizations().join(", ")}.`,
    "dtype",
  );
}

function findRequested(id: string, files: readonly ModelFile[], requested: string): ModelFile {
  const file = files.find((candidate) => candidate.quantization === requested);
  if (file !== undefined) return file;
  const there = files.map((candidate) => candidate.quantization).join(", ");
  throw fault("model_failed", `The model ${id} has no ${requested} file; it has ${there}.`, "dtype");
}
