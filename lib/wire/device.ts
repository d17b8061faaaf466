// Where a computation runs. Types only.

/** `cpu` is always there, the others are ONNX Runtime execution providers. */
export type Device = "cpu" | "webgpu" | "cuda" | "coreml" | "dml";

/** What a load may ask for; `mps` is PyTorch's name for what Core ML and WebGPU reach here. */
export type DeviceSetting = "auto" | "mps" | Device;
