// Attribution of a model whose weights are elsewhere.
import type { Attribution } from "../../decode/types.ts";
import { fault } from "../../fault.ts";

/** An attribution that refuses every task: attribution goes back through the model's own graph. */
export function createRefusingAttribution(engine: string): Attribution {
  const refusal = () =>
    fault(
      "unsupported",
      `Attribution needs the model's own graph, and ${engine} computes elsewhere. Load an ONNX model here.`,
    );
  return {
    estimate: () => Promise.reject(refusal()),
    explain: () => Promise.reject(refusal()),
  };
}
