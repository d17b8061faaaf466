// Which runner serves a model: the native one on the CPU where its library loads and a check at start agrees with
// the addon, else the addon.
//
// The check opens the model a second time for a moment. Where the memory has no room for that (large models of the
// hub), the native runner is checked by its own states alone.
import { messageOf } from "../../basics/message_of.ts";
import { availableMemory, memoryEstimate } from "../../hub/folder/memory.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import { knownPrompt, type Reference, referenceOf, selfCheck, stateCheck } from "../../runners/check.ts";
import { openOrt } from "../../ort/api.ts";
import { findLibrary } from "../../ort/library.ts";
import { type PreparedGraph, prepareGraph } from "../../onnx/prepare.ts";
import type { Device } from "../../wire/device.ts";
import type { LmRunner } from "../../runners/types.ts";
import { openAddon } from "./open_addon.ts";
import { beginNative, type NativeOpening, type NativeToOpen } from "./open_native.ts";
import { type OptimisedPlace, optimisedPlace, WORTH_BYTES } from "./optimised_graph.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";

type Post = (message: FromWorker) => void;

/** Weights from which another thread pays: opening less takes no longer than starting one. */
const GENTLE_BYTES = 16 * 2 ** 20;

interface OpenOptions {
  /** Bytes of memory that are free; null where nobody knows: two sessions are taken to fit then. */
  readonly memory?: number | null;
  /** Called once, where possible while weights load beside this thread. */
  readonly meanwhile?: () => void;
}

/** Opens the chosen graph of `folder` on `device`. Throws faults that name the file. */
export async function openRunner(
  folder: ModelFolder,
  device: Device,
  spec: LoadSpec,
  post: Post,
  { memory = availableMemory(), meanwhile = () => {} }: OpenOptions = {},
): Promise<LmRunner> {
  const prepared = await prepareGraph(folder.onnxPath);
  const { config, contextLength } = folder;
  const { source, sharedBuffers } = prepared;
  const how = { name: folder.file.path, config, contextLength, optimised: false, writeOptimised: null };
  const toOpen: NativeToOpen = { source, sharedBuffers, ...how };
  if (device !== "cpu" || spec.runner === "addon") return await openAddon(toOpen, device);
  const task = { folder, spec, post, memory, meanwhile };
  if (spec.runner === "native") return await (await begin(toOpen, task, false)).native;
  const place = await placeFor(prepared, folder, spec);
  return await (place === null ? openAuto(toOpen, task) : openInPlace(toOpen, place, task));
}

/** What every step of opening a model on the CPU may want to know. */
interface Task extends Required<OpenOptions> {
  readonly folder: ModelFolder;
  readonly spec: LoadSpec;
  readonly post: Post;
}

/** From the optimised graph that was written down, or writing it down. */
async function openInPlace(toOpen: NativeToOpen, place: OptimisedPlace, task: Task): Promise<LmRunner> {
  if (await place.exists()) {
    const written: NativeToOpen = { ...toOpen, source: { path: place.file }, optimised: true };
    const runner = await openAuto(written, task).catch(() => null);
    if (runner !== null) return runner;
    task.post({ type: "log", level: "info", message: `${place.file} does not open and is thrown away.` });
    await place.discard();
  }
  const writing: NativeToOpen = { ...toOpen, writeOptimised: await place.begin() };
  const runner = await openAuto(writing, task).catch(() => null);
  if (runner?.runtime === "native") await place.keep().catch(() => place.discard());
  else await place.discard(); // the disk may be full
  return runner ?? await openAuto(toOpen, task);
}

/** Where the optimised graph has its place; null where it does not pay, or there is no library to read it. */
async function placeFor(prepared: PreparedGraph, folder: ModelFolder, spec: LoadSpec) {
  if (prepared.foldedBytes < WORTH_BYTES) return null;
  const version = await Promise.resolve().then(() => openOrt(findLibrary(spec.root)).version).catch(() =>
    null
  );
  if (version === null) return null;
  return await optimisedPlace(folder, spec.hub.cacheFolder, prepared.foldedBytes, version);
}

async function openAuto(toOpen: NativeToOpen, task: Task): Promise<LmRunner> {
  const twice = 2 * memoryEstimate(task.folder.file, task.folder.config, "cpu");
  const alone = task.memory !== null && task.memory < twice;
  return await (alone ? openAlone(toOpen, task) : openChecked(toOpen, task));
}

/** One session at a time: the native runner where its states survive forks and truncations. */
async function openAlone(toOpen: NativeToOpen, task: Task): Promise<LmRunner> {
  const { post } = task;
  const native = await (await begin(toOpen, task, false)).native.catch(asError);
  if (native instanceof Error) {
    return useAddon(await openAddon(toOpen, "cpu"), native.message, post);
  }
  const difference = await stateCheck(native, knownPrompt(native.vocabSize)).catch(asError);
  if (difference === null) {
    const message = "Memory has no room to compare both runners: the native one was checked by itself.";
    post({ type: "log", level: "info", message });
    return native;
  }
  await native.dispose();
  return useAddon(await openAddon(toOpen, "cpu"), reasonOf(difference), post);
}

/** Both runners at once; the native one serves if it agrees with the addon on a known prompt. Optimised graphs may
 * round otherwise than those opened as they are, so a disagreement is asked again of the addon that would serve. */
async function openChecked(toOpen: NativeToOpen, task: Task): Promise<LmRunner> {
  const { native, reference } = await begin(toOpen, task, true);
  if (reference !== null && await differenceOf(native, reference) === null) return await native;
  const addon = await openAddon(toOpen, "cpu").catch(asError);
  if (addon instanceof Error) {
    await native.then((runner) => runner.dispose(), () => {});
    throw addon;
  }
  const theirs = await referenceOf(addon, knownPrompt(addon.vocabSize)).catch(asError);
  const difference = theirs instanceof Error ? theirs : await differenceOf(native, theirs);
  if (difference !== null) {
    await native.then((runner) => runner.dispose(), () => {});
    return useAddon(addon, reasonOf(difference), task.post);
  }
  await closed(addon);
  return await native;
}

function begin(
  toOpen: NativeToOpen,
  { spec, folder, meanwhile }: Task,
  compare: boolean,
): Promise<NativeOpening> {
  const gentle = spec.background === true && folder.bytes >= GENTLE_BYTES;
  return beginNative(toOpen, { root: spec.root, gentle, compare, meanwhile });
}

async function differenceOf(native: Promise<LmRunner>, theirs: Reference): Promise<Error | string | null> {
  return await native.then((runner) => selfCheck(runner, theirs, knownPrompt(theirs.vocabSize)))
    .catch(asError);
}

async function closed(runner: LmRunner): Promise<void> {
  await runner.dispose();
  returnFreedMemory();
}

function useAddon(addon: LmRunner, reason: string, post: Post): LmRunner {
  post({ type: "log", level: "warn", message: `The native runner is not used: ${reason}` });
  return addon;
}

function reasonOf(difference: Error | string): string {
  return messageOf(difference);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
