// Which runner serves a model: the native one on the CPU where its library loads and a check at start agrees with
// the addon, else the addon.
//
// The check opens the model a second time for a moment. Where the memory has no room for that (large models of the
// hub), the native runner is checked by its own states alone.
import { availableMemory, memoryEstimate } from "../hub/memory.ts";
import type { ModelFolder } from "../hub/types.ts";
import { openGraph } from "../runtime/addon_graph.ts";
import { createAddonRunner } from "../runtime/addon_runner.ts";
import { findLayout } from "../runtime/layout.ts";
import { returnFreedMemory } from "../runtime/memory.ts";
import { selfCheck, stateCheck } from "../runtime/native_check.ts";
import { openNativeGraph } from "../runtime/native_graph.ts";
import { createNativeRunner } from "../runtime/native_runner.ts";
import { openOrt } from "../runtime/ort_api.ts";
import { findLibrary } from "../runtime/ort_library.ts";
import { type PreparedGraph, prepareGraph } from "../runtime/prepare.ts";
import type { Device, LmRunner } from "../runtime/types.ts";
import { optimisedPlace, WORTH_BYTES } from "./optimised_graph.ts";
import type { FromWorker, LoadSpec } from "./protocol.ts";

type Post = (message: FromWorker) => void;

/** A graph, and how the native session is to treat it. */
interface Opening extends PreparedGraph {
  /** `source` is a graph that was written down optimised. */
  readonly optimised?: boolean;
  readonly writeOptimised?: string | null;
}

/** Tokens of the prompt on which both runners must agree. */
const CHECK_TOKENS = 3;

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
  if (device !== "cpu" || spec.runner === "addon") return await openAddon(prepared, folder, device);
  if (spec.runner === "native") return await openNative(prepared, folder, spec);
  const place = await placeFor(prepared, folder, spec);
  const open = (opening: Opening) => openAuto(opening, folder, spec, post, { memory, meanwhile });
  if (place === null) return await open(prepared);
  if (await place.exists()) {
    const runner = await open({ ...prepared, source: { path: place.file }, optimised: true }).catch(() =>
      null
    );
    if (runner !== null) return runner;
    post({ type: "log", level: "info", message: `${place.file} does not open and is thrown away.` });
    await place.discard();
  }
  const runner = await open({ ...prepared, writeOptimised: await place.begin() }).catch(() => null);
  if (runner?.runtime === "native") await place.keep().catch(() => place.discard());
  else await place.discard(); // the disk may be full
  return runner ?? await open(prepared);
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

async function openAuto(
  prepared: Opening,
  folder: ModelFolder,
  spec: LoadSpec,
  post: Post,
  { memory, meanwhile }: Required<OpenOptions>,
): Promise<LmRunner> {
  const twice = 2 * memoryEstimate(folder.file, folder.config, "cpu");
  if (memory !== null && memory < twice) return await openAlone(prepared, folder, spec, post);
  return await openChecked(prepared, folder, spec, post, meanwhile);
}

/** One session at a time: the native runner where its states survive forks and truncations. */
async function openAlone(
  prepared: Opening,
  folder: ModelFolder,
  spec: LoadSpec,
  post: Post,
): Promise<LmRunner> {
  const native = await openNative(prepared, folder, spec).catch(asError);
  if (native instanceof Error) {
    return useAddon(await openAddon(prepared, folder, "cpu"), native.message, post);
  }
  const difference = await stateCheck(native, knownPrompt(native.vocabSize)).catch(asError);
  if (difference === null) {
    const message = "Memory has no room to compare both runners: the native one was checked by itself.";
    post({ type: "log", level: "info", message });
    return native;
  }
  await native.dispose();
  return useAddon(await openAddon(prepared, folder, "cpu"), reasonOf(difference), post);
}

/** Both runners at once; the native one serves if it agrees with the addon on a known prompt. For those few tokens the
 * addon's graph is opened as it is: optimising it would take longer than they do. Optimised graphs may round
 * otherwise, so a disagreement is asked again of the addon that would serve. */
async function openChecked(
  prepared: Opening,
  folder: ModelFolder,
  spec: LoadSpec,
  post: Post,
  meanwhile: () => void,
): Promise<LmRunner> {
  const opening = openNative(prepared, folder, spec);
  opening.catch(() => {}); // asked below
  meanwhile();
  if (spec.gentle) await opening.catch(() => {}); // one after the other takes longer, but one processor less
  if (await agree(opening, { ...prepared, optimised: true }, folder)) return await opening;
  const addon = await openAddon(prepared, folder, "cpu").catch(asError);
  if (addon instanceof Error) {
    await opening.then((native) => native.dispose(), () => {});
    throw addon;
  }
  const difference = await selfCheck(opening, addon, knownPrompt(addon.vocabSize)).catch(asError);
  if (difference !== null) {
    await opening.then((native) => native.dispose(), () => {});
    return useAddon(addon, reasonOf(difference), post);
  }
  await closed(addon);
  return await opening;
}

/** Whether the native runner agrees with an addon that is opened for this alone. */
async function agree(opening: Promise<LmRunner>, prepared: Opening, folder: ModelFolder): Promise<boolean> {
  const addon = await openAddon(prepared, folder, "cpu").catch(asError); // blocks this thread
  if (addon instanceof Error) return false;
  const difference = await selfCheck(opening, addon, knownPrompt(addon.vocabSize)).catch(asError);
  await closed(addon);
  return difference === null;
}

async function closed(runner: LmRunner): Promise<void> {
  await runner.dispose();
  returnFreedMemory();
}

function useAddon(addon: LmRunner, reason: string, post: Post): LmRunner {
  post({ type: "log", level: "warn", message: `The native runner is not used: ${reason}` });
  return addon;
}

async function openNative(prepared: Opening, folder: ModelFolder, spec: LoadSpec): Promise<LmRunner> {
  const { source, optimised = false, writeOptimised = null } = prepared;
  const graph = await openNativeGraph(openOrt(findLibrary(spec.root)), source, { optimised, writeOptimised });
  return await orDispose(graph, () => {
    const layout = findLayout(graph.inputs, graph.outputs, folder.config, prepared.sharedBuffers);
    return createNativeRunner(graph, layout, { contextLength: folder.contextLength });
  });
}

async function openAddon(prepared: Opening, folder: ModelFolder, device: Device): Promise<LmRunner> {
  const { source, optimised = false } = prepared;
  const graph = await openGraph(source, device, { name: folder.file.path, optimised });
  return await orDispose(graph, () => {
    const layout = findLayout(graph.inputs, graph.outputs, folder.config, prepared.sharedBuffers);
    return createAddonRunner(graph, layout, device);
  });
}

/** A graph that nothing can be made of gives its memory back. */
async function orDispose<T>(graph: { dispose(): Promise<void> }, make: () => T): Promise<T> {
  try {
    return make();
  } catch (error) {
    await graph.dispose();
    throw error;
  }
}

/** Ids that any vocabulary has, spread over all of it. */
function knownPrompt(vocabSize: number): number[] {
  return Array.from(
    { length: CHECK_TOKENS },
    (_, i) => Math.floor(((i + 1) * vocabSize) / (CHECK_TOKENS + 1)),
  );
}

function reasonOf(difference: Error | string): string {
  return difference instanceof Error ? difference.message : difference;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
