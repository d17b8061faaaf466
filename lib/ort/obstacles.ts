// Why an execution provider cannot be used on this machine, as far as the files say it: asked before ONNX Runtime's
// addon is loaded, which takes longer than all of a plain start on the CPU has to spare.
import { dirname, join } from "node:path";
import type { Device } from "../wire/device.ts";

const CUDA_PROVIDERS: Readonly<Record<string, string>> = {
  linux: "libonnxruntime_providers_cuda.so",
  windows: "onnxruntime_providers_cuda.dll",
};
/** The one system that has a provider. */
const SYSTEMS: Readonly<Partial<Record<Device, string>>> = { coreml: "darwin", dml: "windows" };

/** Whether ONNX Runtime's build for this system has the provider. */
export function existsHere(device: Device): boolean {
  return (SYSTEMS[device] ?? Deno.build.os) === Deno.build.os;
}

/** The reason, or null: it may work. `library`: the path of ONNX Runtime's library, beside which its providers lie. */
export function findObstacle(device: Device, library: string): string | null {
  const { os } = Deno.build;
  // Asked before WebGPU, which would write its own complaint to stderr.
  if (device === "webgpu" && os === "linux" && !hasVulkan()) {
    return "Vulkan is not installed: there is no libvulkan.so.1";
  }
  if (device !== "cuda") return null;
  const provider = CUDA_PROVIDERS[os];
  if (provider !== undefined && isThere(join(dirname(library), provider))) return null;
  return `ONNX Runtime's provider for CUDA (${provider ?? "none for this system"}) is not installed`;
}

function hasVulkan(): boolean {
  try {
    Deno.dlopen("libvulkan.so.1", {}).close();
    return true;
  } catch {
    return false; // the loader's sentence says no more than that
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
