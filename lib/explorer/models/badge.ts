// The top bar's words about the model and where it runs.
import type { ModelStatus } from "../../wire/models.ts";
import { modelName } from "../views/placeholder.ts";

export interface ModelView {
  readonly state: "ready" | "loading" | "failed";
  readonly name: string;
  readonly fullName: string;
  readonly quantization: string;
  readonly device: string;
  readonly deviceDetail: string;
  /** What the user should know: a device that is not there, a load that failed. */
  readonly notice: string | null;
}

const DEVICES: Readonly<Record<string, string>> = {
  cpu: "CPU",
  webgpu: "WebGPU",
  cuda: "CUDA",
  coreml: "CoreML",
  dml: "DirectML",
};

export function modelView(model: ModelStatus): ModelView {
  const state = model.ready ? "ready" : model.error !== null && !model.loading ? "failed" : "loading";
  const device = model.device === null ? "" : DEVICES[model.device] ?? model.device;
  const name = model.model_id === null ? "No model" : modelName(model.model_id);
  const runtime = model.runtime === null ? "" : `, ${model.runtime} calls`;
  return {
    state,
    name: state === "ready" ? name : state === "loading" ? "Loading…" : "Model not loaded",
    fullName: model.model_id ?? "No model",
    quantization: model.quantization ?? "",
    device,
    deviceDetail: `ONNX Runtime on ${device}, ${model.dtype ?? ""} arithmetic${runtime}.`,
    notice: model.warning ?? model.load_error,
  };
}
