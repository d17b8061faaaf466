// From a model's name to something that answers: files (fetched where they are not here), runner and tokenizer, then
// language, caches and speculation. Runs in the worker, so that neither a download nor its checksums take time from
// the model in use.
import { messageOf } from "../../basics/message_of.ts";
import type { LanguageModel } from "../../decode/types.ts";
import { fault } from "../../fault.ts";
import { hubSettings } from "../../hub/fetch/settings.ts";
import { availableMemory } from "../../hub/folder/memory.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { findModel, type FoundModel } from "../../hub/load.ts";
import { addonDevices } from "../../ort/addon_graph.ts";
import { devicesToTry, openOnFirst } from "../../ort/devices.ts";
import { findLibrary } from "../../ort/library.ts";
import { existsHere, obstacleTo } from "../../ort/obstacles.ts";
import { keepFreedMemory, returnFreedMemory } from "../../ort/trim_memory.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";
import type { Counters, ModelInfo } from "../../protocol/model_info.ts";
import { checkFinite } from "../../runners/finite.ts";
import type { LmRunner } from "../../runners/types.ts";
import { createTextCodec } from "../../text/codec.ts";
import type { TextCodec } from "../../text/types.ts";
import type { Device, DeviceSetting } from "../../wire/device.ts";
import { openAttribution } from "../attribution/open.ts";
import { LogitsSource } from "../logits/logits_source.ts";
import { Prefetcher } from "../logits/prefetch.ts";
import { keysOf, type ModelKeys } from "./identity.ts";
import { createLanguage, createSandboxes } from "./language.ts";
import { openRunner } from "./open_runner.ts";

/** A model that is ready to answer, and all it holds. */
export interface OpenModel {
  readonly info: ModelInfo;
  readonly language: LanguageModel;
  readonly speculation: { pause(): Promise<void>; resume(): void };
  readonly counters: Counters;
  /** Releases caches and session; no job may be running. */
  close(): Promise<void>;
}

type Post = (message: FromWorker) => void;

/** Opens the model that `spec` names on the first device that can. Throws faults whose sentence names the file and what
 * is wrong with it; rejects with the signal's reason, and leaves what a later download can resume. */
export async function openModel(spec: LoadSpec, post: Post, signal: AbortSignal): Promise<OpenModel> {
  keepFreedMemory();
  const parts = await openParts(spec, post, signal);
  const info = describe(parts);
  return assemble(info, parts, spec, post);
}

function describe({ folder, runner, codec, keys, device, warning }: ModelParts): ModelInfo {
  return {
    id: folder.id,
    ...keys,
    backend: {
      kind: "onnx",
      device,
      arithmetic: folder.dtype,
      variant: folder.quantization,
      runtime: runner.runtime,
    },
    vocabSize: runner.vocabSize,
    contextLength: folder.contextLength,
    eosTokenIds: folder.eosTokenIds,
    hasChatTemplate: Object.keys(folder.chatTemplates).length > 0,
    chatTemplates: Object.keys(folder.chatTemplates),
    hasBos: codec.encode("").length > 0,
    warning,
  };
}

function assemble(
  info: ModelInfo,
  { folder, runner, codec }: Pick<ModelParts, "folder" | "runner" | "codec">,
  spec: LoadSpec,
  post: Post,
): OpenModel {
  const warn = (message: string) => post({ type: "log", level: "warn", message });
  const source = new LogitsSource(runner, spec.cacheBytes, undefined, warn);
  const native = runner.runtime === "native";
  const limits = { batch: native ? 4 : 1, candidates: native ? 8 : 2, contextTokens: 1024, budgetMs: 400 };
  const prefetcher = new Prefetcher(
    source,
    limits,
    () => post({ type: "counters", counters: source.counters }),
  );
  const sandboxes = createSandboxes();
  const attribution = openAttribution(folder, spec.root);
  return {
    info,
    language: createLanguage(info, folder, codec, { logits: source, attribution }, sandboxes),
    speculation: spec.prefetch ? prefetcher : { pause: () => Promise.resolve(), resume: () => {} },
    get counters() {
      return source.counters;
    },
    async close() {
      await prefetcher.pause();
      await attribution.close();
      for (const sandbox of Object.values(sandboxes)) sandbox.close();
      source.clear();
      await runner.dispose();
      returnFreedMemory();
    },
  };
}

/** What a model is made of; `runner` is the caller's to dispose of. */
interface ModelParts {
  readonly folder: ModelFolder;
  readonly runner: LmRunner;
  readonly codec: TextCodec;
  readonly keys: ModelKeys;
  readonly device: Device;
  /** What the user should know: another device than asked for, another repository. */
  readonly warning: string | null;
}
type Opened = Pick<ModelParts, "folder" | "runner" | "codec" | "keys"> & Pick<FoundModel, "notice">;

async function openParts(spec: LoadSpec, post: Post, signal: AbortSignal): Promise<ModelParts> {
  const inform = (message: string) => post({ type: "log", level: "info", message });
  const obstacles = obstaclesTo(spec.device, spec.root);
  const hopeful = Object.values(obstacles).includes(null);
  // Loading the addon to ask it takes time: a plain start on the CPU is not to wait for that.
  const devices = hopeful ? await addonDevices() : Object.keys(obstacles);
  // Files that cannot be had are no fault of the device: the reason is carried past the search for another one.
  const open = async (device: Device): Promise<Opened | Error> => {
    if (device !== "cpu") {
      const obstacle = obstacles[device] ?? null;
      if (obstacle !== null) throw new Error(obstacle);
      const { probeDevice } = await import("../../ort/probe.ts");
      await probeDevice(device);
    }
    const found = await find(device, spec, post, signal).catch(asError);
    return found instanceof Error ? found : await openFound(found, device, spec, post, signal);
  };
  const { opened, device, warning } = await openOnFirst(spec.device, devices, open, inform);
  if (opened instanceof Error) throw opened;
  const { notice, ...parts } = opened;
  const sentences = [notice, warning].filter((sentence) => sentence !== null);
  return { ...parts, device, warning: sentences.length === 0 ? null : sentences.join(" ") };
}

/** What is known to be in the way of each device that is to be tried before the CPU. */
function obstaclesTo(setting: DeviceSetting, root: string): Partial<Record<Device, string | null>> {
  const devices = devicesToTry(setting).filter((device) => device !== "cpu" && existsHere(device));
  if (devices.length === 0) return {};
  const library = attempted(() => findLibrary(root));
  const obstacle = (device: Device) => library instanceof Error ? null : obstacleTo(device, library);
  return Object.fromEntries(devices.map((device) => [device, obstacle(device)]));
}

async function find(device: Device, spec: LoadSpec, post: Post, signal: AbortSignal): Promise<FoundModel> {
  return await findModel(spec.model, {
    ...{ roots: spec.roots, hub: hubSettings(spec.hub), device, dtype: spec.variant, signal },
    memory: device === "cpu" ? availableMemory() : null, // that of a GPU is unknown
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
    await tryOneToken(runner, model.file.path);
    const known = await keys;
    if (known instanceof Error) throw known;
    return { folder: model, runner, codec, keys: known, notice };
  } catch (error) {
    // Weights in native memory outlive their worker.
    await opening.then((runner) => runner.dispose(), () => {});
    throw error;
  }
}

/** Some providers open what they cannot run, and some files hold weights that overflow: neither is ready. */
async function tryOneToken(runner: LmRunner, name: string): Promise<void> {
  const { kv, logits } = await runner.run(runner.empty(), [0]);
  runner.release(kv);
  try {
    checkFinite(logits, runner.vocabSize);
  } catch (error) {
    throw fault("model_failed", `${name} was opened, but cannot be used. ${messageOf(error)}`);
  }
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
