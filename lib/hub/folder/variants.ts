// The ONNX files of a model folder or repository as variants of one model: which quantization a file name stands
// for, which other files hold its weights, and what the variant costs in fidelity.
import type { ListedFile, ModelFile } from "./types.ts";

/** What a file name's ending says about the numbers inside. */
interface VariantKind {
  readonly quantization: string;
  readonly arithmetic: "float32" | "float16";
  readonly bitsPerWeight: number;
  readonly fidelity: string;
}

// Endings as the hub's exporters write them (optimum, transformers.js): model_<ending>.onnx.
const KINDS: Readonly<Record<string, VariantKind>> = {
  "": kind("fp32", "float32", 32, "fp32: the full 32-bit weights, nothing is lost"),
  fp16: kind("fp16", "float16", 16, "fp16: 16-bit weights and arithmetic; probabilities move by about 0.001"),
  q4: kind(
    "q4",
    "float32",
    4.5,
    "q4: 4-bit weights, 32-bit arithmetic; the model itself is a little different",
  ),
  q4f16: kind(
    "q4f16",
    "float16",
    4.5,
    "q4f16: 4-bit weights, 16-bit arithmetic; the model itself is a little different",
  ),
  q2: kind("q2", "float32", 2.5, "q2: 2-bit weights, 32-bit arithmetic; clearly a different model"),
  q2f16: kind("q2f16", "float16", 2.5, "q2f16: 2-bit weights, 16-bit arithmetic; clearly a different model"),
  q1: kind("q1", "float32", 1.5, "q1: 1-bit weights, 32-bit arithmetic; clearly a different model"),
  q1f16: kind("q1f16", "float16", 1.5, "q1f16: 1-bit weights, 16-bit arithmetic; clearly a different model"),
  bnb4: kind(
    "bnb4",
    "float32",
    4.5,
    "bnb4: 4-bit weights (NF4), 32-bit arithmetic; the model is a little different",
  ),
  quantized: kind("q8", "float32", 8, eightBit("q8")),
  q8: kind("q8", "float32", 8, eightBit("q8")),
  int8: kind("int8", "float32", 8, eightBit("int8")),
  uint8: kind("uint8", "float32", 8, eightBit("uint8")),
};

const ALIASES: Readonly<Record<string, string>> = {
  float32: "fp32",
  float16: "fp16",
  half: "fp16",
  quantized: "q8",
};

function kind(
  quantization: string,
  arithmetic: "float32" | "float16",
  bitsPerWeight: number,
  fidelity: string,
): VariantKind {
  return { quantization, arithmetic, bitsPerWeight, fidelity };
}

function eightBit(name: string): string {
  return `${name}: 8-bit weights and 8-bit activations; single probabilities move by up to about 0.1`;
}

/** The quantization that a `variant` names, or null for an unknown name. "auto" and "" name none: the caller leaves
 * them out. */
export function quantizationOf(variant: string): string | null {
  const name = variant.trim().toLowerCase();
  const wanted = ALIASES[name] ?? name;
  return Object.values(KINDS).some((entry) => entry.quantization === wanted) ? wanted : null;
}

/** Every quantization that a `variant` may name. */
export function quantizationNames(): readonly string[] {
  return [...new Set(Object.values(KINDS).map((entry) => entry.quantization))];
}

/** Every `dtype` that a request may ask for, older names of the same included. */
export function dtypeNames(): readonly string[] {
  return ["", "auto", ...quantizationNames(), ...Object.keys(ALIASES)];
}

/** What a decoder's file is called, the better ones first: as it is exported now; before, with the runs that have a
 * past and those that have none in one graph; or in two files, of which this one reads the whole text each time. */
const STEMS = ["model", "decoder_model_merged", "decoder_model"];

/** The runnable model files of a listing: `onnx/model*.onnx`, or where there is none `model*.onnx` at the top, or such
 * files under an older name, each with its external data (`_data`, `_data_1` ..., `.data`) and the bytes of all of it
 * together. */
export function modelFiles(listing: readonly ListedFile[]): ModelFile[] {
  for (const stem of STEMS) {
    for (const prefix of ["onnx/", ""]) {
      const files = variantsIn(prefix + stem, listing);
      if (files.length > 0) return files;
    }
  }
  return [];
}

function variantsIn(stem: string, listing: readonly ListedFile[]): ModelFile[] {
  const files: ModelFile[] = [];
  for (const entry of listing) {
    if (!entry.path.startsWith(stem)) continue;
    const ending = /^(?:_([a-z0-9]+))?\.onnx$/.exec(entry.path.slice(stem.length));
    const found = ending === null ? undefined : KINDS[ending[1] ?? ""];
    if (found === undefined) continue;
    const external = listing.filter((other) => isExternalOf(entry.path, other.path));
    files.push({
      path: entry.path,
      external: external.map((other) => other.path),
      bytes: external.reduce((sum, other) => sum + other.bytes, entry.bytes),
      quantization: found.quantization,
      arithmetic: found.arithmetic,
      fidelity: found.fidelity,
    });
  }
  return files;
}

function isExternalOf(graph: string, path: string): boolean {
  if (!path.startsWith(graph)) return false;
  return /^(_data(_\d+)?|\.data)$/.test(path.slice(graph.length));
}
