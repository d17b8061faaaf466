// From a model's name to something that answers: files (fetched where they are not here), runner and tokenizer, then
// language, caches and speculation. Runs in the worker, so that neither a download nor its checksums take time from
// the model in use.
import { errorOf } from "../../basics/error_of.ts";
import type { Turns } from "../../basics/turns.ts";
import { hubSettingsOf } from "../../hub/fetch/settings.ts";
import { readAvailableMemory } from "../../hub/folder/memory.ts";
import { readingError } from "../../hub/folder/disk.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { findModel, type FoundModel } from "../../hub/load.ts";
import { listAddonDevices } from "../../ort/addon_graph.ts";
import { listDevicesToTry, openOnFirst } from "../../ort/devices.ts";
import { findLibrary } from "../../ort/library.ts";
import { existsHere, findObstacle } from "../../ort/obstacles.ts";
import { keepFreedMemory } from "../../ort/trim_memory.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";
import type { Device, DeviceSetting } from "../../wire/device.ts";
import type { ModelParts, OpenModel } from "./assemble.ts";
import { keysOf } from "./identity.ts";
import { declineFirst, forgetFirstGraph } from "./first_graph_record.ts";
import { openRunner } from "./open_runner.ts";

type Post = (message: FromWorker) => void;

/** Opens the model that `spec` names on the first device that can. What the weights do not need is read while they
 * load, and so is what `meanwhile` imports; `turns` are this thread's. Throws faults whose sentence names the file and
 * what is wrong with it; rejects with the signal's reason, and leaves what a later download can resume. */
export async function openModel(
  spec: LoadSpec,
  post: Post,
  signal: AbortSignal,
  turns: Turns,
  meanwhile: () => void = () => {},
): Promise<OpenModel> {
  keepFreedMemory();
  const decline = () => declineFirst(spec);
  signal.addEventListener("abort", decline);
  const parts = await openParts(spec, post, signal, meanwhile).catch((error) => {
    throw readingError(error);
  }).finally(async () => {
    signal.removeEventListener("abort", decline);
    if (decline()) await forgetFirstGraph(spec); // the next start need not begin it
  });
  const { assemble } = await import("./assemble.ts");
  return assemble(parts, spec, post, turns);
}

type Opened = Pick<ModelParts, "folder" | "runner" | keyof Read> & Pick<FoundModel, "notice">;

async function openParts(
  spec: LoadSpec,
  post: Post,
  signal: AbortSignal,
  meanwhile: () => void,
): Promise<ModelParts> {
  const inform = (message: string) => post({ type: "log", level: "info", message });
  const obstacles = findObstacles(spec.device, spec.root);
  const hopeful = Object.values(obstacles).includes(null);
  // Loading the addon to ask it takes time: a plain start on the CPU is not to wait for that.
  const devices = hopeful ? await listAddonDevices() : Object.keys(obstacles);
  // Files that cannot be had are no fault of the device: the reason is carried past the search for another one.
  const open = async (device: Device): Promise<Opened | Error> => {
    if (device !== "cpu") {
      const obstacle = obstacles[device] ?? null;
      if (obstacle !== null) throw new Error(obstacle);
      const { probeDevice } = await import("../../ort/probe.ts");
      await probeDevice(device);
    }
    const found = await find(device, spec, post, signal).catch(errorOf);
    return found instanceof Error ? found : await openFound(found, device, spec, post, signal, meanwhile);
  };
  const { opened, device, warning } = await openOnFirst(spec.device, devices, open, inform);
  if (opened instanceof Error) throw opened;
  const { notice, ...parts } = opened;
  const sentences = [notice, warning].filter((sentence) => sentence !== null);
  return { ...parts, device, warning: sentences.length === 0 ? null : sentences.join(" ") };
}

/** What is known to be in the way of each device that is to be tried before the CPU. */
function findObstacles(setting: DeviceSetting, root: string): Partial<Record<Device, string | null>> {
  const devices = listDevicesToTry(setting).filter((device) => device !== "cpu" && existsHere(device));
  if (devices.length === 0) return {};
  const library = attempt(() => findLibrary(root));
  const obstacle = (device: Device) => library instanceof Error ? null : findObstacle(device, library);
  return Object.fromEntries(devices.map((device) => [device, obstacle(device)]));
}

async function find(device: Device, spec: LoadSpec, post: Post, signal: AbortSignal): Promise<FoundModel> {
  return await findModel(spec.model, {
    ...{ roots: spec.roots, hub: hubSettingsOf(spec.hub), device, variant: spec.variant, signal },
    memory: device === "cpu" ? readFreeMemory(spec) : null, // that of a GPU is unknown
    onProgress: (progress) => post({ type: "loading", progress }),
  });
}

/** As if nothing of the model were there yet. */
function readFreeMemory({ begun }: LoadSpec): number | null {
  const available = readAvailableMemory();
  return available === null ? null : available + (begun?.needed ?? 0);
}

async function openFound(
  { model, notice }: FoundModel,
  device: Device,
  spec: LoadSpec,
  post: Post,
  signal: AbortSignal,
  meanwhile: () => void,
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
  let reading: Promise<Read | Error> | null = null;
  const read = () => reading ??= readRest(model, device, spec, meanwhile).catch(errorOf);
  const opening = openRunner(model, device, spec, post, { meanwhile: read, signal });
  try {
    const runner = await opening;
    const rest = await read();
    if (rest instanceof Error) throw rest;
    signal.throwIfAborted();
    return { folder: model, runner, ...rest, notice };
  } catch (error) {
    // Weights in native memory outlive their worker.
    await opening.then((runner) => runner.dispose(), () => {});
    throw error;
  }
}

type Read = Pick<ModelParts, "codec" | "keys" | "eosTokenIds">;

/** What answers need besides the weights, and the code that they need. */
async function readRest(
  model: ModelFolder,
  device: Device,
  { cacheFolder = null }: LoadSpec,
  meanwhile: () => void,
): Promise<Read> {
  const [{ createTextCodec }, { bpeRecord }] = await Promise.all([
    import("../../text/codec.ts"),
    import("./bpe_record.ts"),
  ]);
  const bpe = bpeRecord(cacheFolder);
  const tokenizer = await model.tokenizer(bpe.parse);
  const codec = createTextCodec(tokenizer.json, model.tokenizerConfig);
  meanwhile();
  const [keys] = await Promise.all([
    keysOf(model, tokenizer, device, codec.unlisted),
    import("./assemble.ts"),
    bpe.keep(tokenizer),
  ]);
  return { codec, keys, eosTokenIds: tokenizer.eosTokenIds };
}

function attempt<T>(make: () => T): T | Error {
  try {
    return make();
  } catch (error) {
    return errorOf(error);
  }
}
