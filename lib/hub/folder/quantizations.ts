// How the weights of a variant are stored: what a file name's ending stands for, what a request may call it, and what
// it costs in fidelity.
import { findOwn } from "../../basics/find_own.ts";

/** What a file name's ending says about the numbers inside. */
export interface VariantKind {
  readonly quantization: string;
  readonly arithmetic: "float32" | "float16";
  readonly fidelity: string;
}

const FP32 = createKind("fp32", "float32", "fp32: the full 32-bit weights, nothing is lost");

/** Endings as the hub's exporters write them (optimum, transformers.js): model_<ending>.onnx. */
export const KINDS: Readonly<Record<string, VariantKind>> = {
  "": FP32,
  fp32: FP32,
  fp16: createKind(
    "fp16",
    "float16",
    "fp16: 16-bit weights and arithmetic; probabilities move by about 0.001",
  ),
  q4: createKind(
    "q4",
    "float32",
    "q4: 4-bit weights, 32-bit arithmetic; the model itself is a little different",
  ),
  q4f16: createKind(
    "q4f16",
    "float16",
    "q4f16: 4-bit weights, 16-bit arithmetic; the model itself is a little different",
  ),
  int4: createKind(
    "int4",
    "float32",
    "int4: 4-bit weights, 32-bit arithmetic; the model itself is a little different",
  ),
  q2: createKind("q2", "float32", "q2: 2-bit weights, 32-bit arithmetic; clearly a different model"),
  q2f16: createKind(
    "q2f16",
    "float16",
    "q2f16: 2-bit weights, 16-bit arithmetic; clearly a different model",
  ),
  q1: createKind("q1", "float32", "q1: 1-bit weights, 32-bit arithmetic; clearly a different model"),
  q1f16: createKind(
    "q1f16",
    "float16",
    "q1f16: 1-bit weights, 16-bit arithmetic; clearly a different model",
  ),
  bnb4: createKind(
    "bnb4",
    "float32",
    "bnb4: 4-bit weights (NF4), 32-bit arithmetic; the model is a little different",
  ),
  quantized: createKind("q8", "float32", describeEightBit("q8")),
  q8: createKind("q8", "float32", describeEightBit("q8")),
  int8: createKind("int8", "float32", describeEightBit("int8")),
  uint8: createKind("uint8", "float32", describeEightBit("uint8")),
  other: createKind("other", "float32", "other: the file's name does not say how its weights are stored"),
};

const ALIASES: Readonly<Record<string, string>> = {
  float32: "fp32",
  float16: "fp16",
  half: "fp16",
  quantized: "q8",
};

function createKind(
  quantization: string,
  arithmetic: "float32" | "float16",
  fidelity: string,
): VariantKind {
  return { quantization, arithmetic, fidelity };
}

function describeEightBit(name: string): string {
  return `${name}: 8-bit weights and 8-bit activations; single probabilities move by up to about 0.1`;
}

/** The quantization that a `variant` names, or null for an unknown name. "auto" and "" name none: the caller leaves
 * them out. */
export function quantizationOf(variant: string): string | null {
  const name = variant.trim().toLowerCase();
  const wanted = findOwn(ALIASES, name) ?? name;
  return Object.values(KINDS).some((entry) => entry.quantization === wanted) ? wanted : null;
}

/** Every quantization that a `variant` may name. */
export function listQuantizations(): readonly string[] {
  return [...new Set(Object.values(KINDS).map((entry) => entry.quantization))];
}

/** Every `dtype` that a request may ask for, older names of the same included. */
export function listDtypeNames(): readonly string[] {
  return ["", "auto", ...listQuantizations(), ...Object.keys(ALIASES)];
}
