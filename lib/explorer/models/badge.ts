// The top bar's words about the model and where it runs.
import type { Backend } from "../../wire/models.ts";
import { type Model, modelIdOf } from "../session/model.ts";
import { modelNameOf } from "../views/placeholder.ts";
import { weightsText } from "../words/format.ts";

export interface ModelView {
  readonly state: "ready" | "loading" | "failed";
  readonly name: string;
  readonly fullName: string;
  /** "4-bit" */
  readonly variant: string;
  readonly device: string;
  readonly deviceDetail: string;
  /** What the user should know: a device that is not there. */
  readonly notice: string | null;
}

const DEVICES: Readonly<Record<string, string>> = {
  cpu: "CPU",
  webgpu: "WebGPU",
  cuda: "CUDA",
  coreml: "CoreML",
  dml: "DirectML",
};

const ENGINES = { llamacpp: "llama.cpp", openai: "Remote engine" } as const;

/** The model's name, file and device as the badge shows them. */
export function modelView(model: Model): ModelView {
  const fullName = modelIdOf({ model }) ?? "No model";
  if (model.state !== "ready") {
    const failed = model.state === "failed";
    return {
      state: failed ? "failed" : "loading",
      name: failed ? "Model not loaded" : "Loading…",
      fullName,
      ...{ variant: "", device: "", deviceDetail: "", notice: null },
    };
  }
  const view = { state: "ready", name: modelNameOf(model.id), fullName, notice: model.warning } as const;
  return { ...view, ...backendView(model.backend) };
}

function backendView(backend: Backend | null): Pick<ModelView, "variant" | "device" | "deviceDetail"> {
  if (backend === null) return { variant: "", device: "", deviceDetail: "" };
  if (backend.kind !== "onnx") {
    const device = ENGINES[backend.kind];
    const deviceDetail =
      `${device} at ${backend.url} computes: probabilities are as exact as its arithmetic.`;
    return { variant: "", device, deviceDetail };
  }
  const { arithmetic, runtime } = backend;
  const device = DEVICES[backend.device] ?? backend.device;
  const deviceDetail =
    `The server's computer does the work: ONNX Runtime on ${device}, ${arithmetic} arithmetic, ${runtime} calls.`;
  return { variant: weightsText(backend.variant), device, deviceDetail };
}
