// Any ONNX session through onnxruntime-node. A run blocks its thread and cannot be stopped, so this belongs in a
// Worker; outputs are copied into JavaScript memory, inputs are not. The package is imported when a graph is opened
// and never before: what only reads this module's types loads nothing native.
import { messageOf } from "../basics/message_of.ts";
import type { createRequire } from "node:module";
import { basename } from "node:path";
import type * as Ort from "onnxruntime-node";
import { fault } from "../fault.ts";
import { refuseTelemetry } from "./telemetry.ts";
import { openingError, runningError } from "./plain_reason.ts";
import { chooseSessionThreads } from "./threads.ts";
import type { Device } from "../wire/device.ts";
import type { ElementType, Graph, GraphSource, Tensor, TensorInfo } from "./types.ts";

const TYPES: readonly string[] = ["float32", "float16", "int64", "int32", "int8", "uint8", "bool"];

/** Opens a graph on one execution provider.
 *
 * `name` is what errors call the model (by default the file's name); `optimised`: the graph was written down as
 * ONNX Runtime optimises it, and is opened as it is. Rejects with a `model_failed` fault where the
 * graph or the device cannot be opened; runs reject with an `inference_failed` fault or an AbortError. */
export async function openGraph(
  source: GraphSource,
  device: Device,
  options: { threads?: number; name?: string; optimised?: boolean } = {},
): Promise<Graph> {
  const name = options.name ?? ("path" in source ? basename(source.path) : `the model in ${source.folder}`);
  const ort = await loadAddon();
  ort.env.logLevel = "fatal"; // the errors come to us as exceptions
  const { threads = chooseSessionThreads(), optimised = false } = options;
  const session = await createSession(ort, source, device, { threads, optimised }).catch((cause) => {
    throw openingError(`${name} on ${device}`, messageOf(cause));
  });
  return {
    ...await readMetadata(session, name),
    async run(feeds, want, { signal } = {}) {
      signal?.throwIfAborted();
      const given = Object.entries(feeds).map(([input, tensor]) => [input, toAddon(ort, tensor)]);
      const results = await session.run(Object.fromEntries(given), want).catch((cause) => {
        throw runningError(name, messageOf(cause));
      });
      signal?.throwIfAborted();
      return Object.fromEntries(want.map((output) => [output, readAddonTensor(results[output], output)]));
    },
    dispose: () => session.release(),
  };
}

/** The execution providers that this platform's build of onnxruntime-node knows, usable here or not. */
export async function listAddonDevices(): Promise<readonly string[]> {
  const ort = await loadAddon();
  return ort.listSupportedBackends().map((backend) => backend.name);
}

/** Whether this thread has loaded the addon. It keeps two descriptors from then on, after its end too (Deno 2.9.6). */
export function hasLoadedAddon(): boolean {
  if (makeRequire === null) return false;
  const loaded = Object.keys(makeRequire(import.meta.url).cache);
  return loaded.some((path) => basename(path) === "onnxruntime_binding.node");
}

/** What tells which files were loaded; null in a thread that has not begun to load the addon. */
let makeRequire: typeof createRequire | null = null;

async function loadAddon(): Promise<typeof Ort> {
  refuseTelemetry();
  makeRequire = (await import("node:module")).createRequire;
  return await import("onnxruntime-node");
}

function createSession(
  ort: typeof Ort,
  source: GraphSource,
  device: Device,
  { threads, optimised }: { threads: number; optimised: boolean },
): Promise<Ort.InferenceSession> {
  const options: Ort.InferenceSession.SessionOptions = {
    executionProviders: [device],
    logSeverityLevel: 4,
    intraOpNumThreads: threads,
    ...(optimised ? { graphOptimizationLevel: "disabled" } : {}),
  };
  if ("path" in source) return ort.InferenceSession.create(source.path, options);
  // The edited graph is in memory, its weights are not: this is where relative names of weight files are looked up.
  const extra = { session: { model_external_initializers_file_folder_path: source.folder } };
  return ort.InferenceSession.create(source.bytes, { ...options, extra });
}

/** Inputs and outputs; a session that holds what we cannot use is closed before the error is thrown. */
async function readMetadata(
  session: Ort.InferenceSession,
  name: string,
): Promise<Pick<Graph, "inputs" | "outputs">> {
  try {
    const inputs = session.inputMetadata.map((info) => readTensorInfo(info, name));
    return { inputs, outputs: session.outputMetadata.map((info) => readTensorInfo(info, name)) };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function readTensorInfo(info: Ort.InferenceSession.ValueMetadata, model: string): TensorInfo {
  if (info.isTensor && isElementType(info.type)) {
    return { name: info.name, type: info.type, shape: info.shape };
  }
  const what = info.isTensor ? info.type : "something other than a tensor";
  throw fault("model_failed", `"${info.name}" of ${model} holds ${what}, which cannot be used here.`);
}

function isElementType(type: string): type is ElementType {
  return TYPES.includes(type);
}

function toAddon(ort: typeof Ort, tensor: Tensor): Ort.Tensor {
  const made = new ort.Tensor(tensor.type, tensor.data, tensor.dims);
  // The constructor turns the bits of float16 into a Float16Array, and the native side then finds 0 bytes in it
  // (microsoft/onnxruntime#32323): put the bits back.
  return tensor.type === "float16" ? Object.assign(made, { cpuData: tensor.data }) : made;
}

function readAddonTensor(tensor: Ort.Tensor | undefined, output: string): Tensor {
  if (tensor === undefined || !isElementType(tensor.type)) {
    throw fault(
      "inference_failed",
      `The output "${output}" is missing or of a type that cannot be used here.`,
    );
  }
  const { buffer, byteOffset, length } = tensor.data as Float32Array<ArrayBuffer>;
  // float16 arrives as a Float16Array and travels as raw bits, in the same memory.
  const data = tensor.type === "float16" ? new Uint16Array(buffer, byteOffset, length) : tensor.data;
  return { type: tensor.type, dims: tensor.dims, data: data as Tensor["data"] };
}
