// From a model's name to its parts: files (fetched where they are not here), tokenizer, runner. Runs in the worker,
// so that neither a download nor its checksums take time from the model in use.
import { findModel, type FoundModel } from "../../hub/load.ts";
import { availableMemory } from "../../hub/folder/memory.ts";
import { hubSettings } from "../../hub/fetch/settings.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { addonDevices } from "../../ort/addon_graph.ts";
import { openOnFirst } from "../../ort/devices.ts";
import { probeDevice } from "../../ort/probe.ts";
import type { Device } from "../../wire/device.ts";
import type { LmRunner } from "../../runners/types.ts";
import { createTextCodec } from "../../text/codec.ts";
import type { TextCodec } from "../../text/types.ts";
import { keysOf, type ModelKeys } from "./identity.ts";
import { openRunner } from "./open_runner.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";

/** What a model is made of; `runner` is the caller's to dispose of. */
export interface ModelParts {
  readonly folder: ModelFolder;
  readonly runner: LmRunner;
  readonly codec: TextCodec;
  readonly keys: ModelKeys;
  readonly device: Device;
  /** What the user should know: another device than asked for, another repository. */
  readonly warning: string | null;
}

type Post = (message: FromWorker) => void;
type Opened = Pick<ModelParts, "folder" | "runner" | "codec" | "keys"> & Pick<FoundModel, "notice">;

/** Opens the model that `spec` names on the first device that can. Throws faults whose sentence names the file and
 * what is wrong with it; rejects with the signal's reason, and leaves what a later download can resume. */
export async function openParts(spec: LoadSpec, post: Post, signal: AbortSignal): Promise<ModelParts> {
  const inform = (message: string) => post({ type: "log", level: "info", message });
  const devices = spec.device === "cpu" ? [] : await addonDevices();
  // Files that cannot be had are no fault of the device: the reason is carried past the search for another one.
  const open = async (device: Device): Promise<Opened | Error> => {
    if (device !== "cpu") await probeDevice(device);
    const found = await find(device, spec, post, signal).catch(asError);
    return found instanceof Error ? found : await openFound(found, device, spec, post, signal);
  };
  const { opened, device, warning } = await openOnFirst(spec.device, devices, open, inform);
  if (opened instanceof Error) throw opened;
  const { notice, ...parts } = opened;
  const sentences = [notice, warning].filter((sentence) => sentence !== null);
  return { ...parts, device, warning: sentences.length === 0 ? null : sentences.join(" ") };
}

async function find(device: Device, spec: LoadSpec, post: Post, signal: AbortSignal): Promise<FoundModel> {
  return await findModel(spec.model, {
    ...{ roots: spec.roots, hub: hubSettings(spec.hub), device, dtype: spec.variant, signal },
    memory: device === "cpu" ? availableMemory() : null, // that of a GPU nobody tells
    onProgress: (progress) => post({ type: "loading", progress }),
  });
}

async function openFound(
  { model, notice }: FoundModel,
  device: Device,
  spec: LoadSpec,
  post: Post,
  signal: AbortSignal,
): Promise<Opened> {
  const { file, bytes } = model;
  const progress = {
    phase: "opening",
    file: file.path,
    received: 0,
    total: bytes,
    bytesPerSecond: 0,
  } as const;
  post({ type: "loading", progress });
  signal.throwIfAborted();
  const keys = keysOf(model, device).catch(asError); // read while weights load
  let early: TextCodec | Error | null = null;
  const readTokenizer = () => createTextCodec(model.tokenizerJson, model.tokenizerConfig);
  const opening = openRunner(model, device, spec, post, {
    meanwhile: () => early = attempted(readTokenizer),
  });
  try {
    const runner = await opening;
    const codec = early ?? attempted(readTokenizer);
    if (codec instanceof Error) throw codec;
    signal.throwIfAborted();
    if (device !== "cpu") await tryOneToken(runner); // some providers open what they cannot run
    const known = await keys;
    if (known instanceof Error) throw known;
    return { folder: model, runner, codec, keys: known, notice };
  } catch (error) {
    // Weights in native memory outlive their worker.
    await opening.then((runner) => runner.dispose(), () => {});
    throw error;
  }
}

async function tryOneToken(runner: LmRunner): Promise<void> {
  const { kv } = await runner.run(runner.empty(), [0]);
  runner.release(kv);
}

function attempted<T>(make: () => T): T | Error {
  try {
    return make();
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
