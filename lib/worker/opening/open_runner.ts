// Opens the runner that the plan names: the native one on the CPU where its library loads and the check at start
// holds, else the addon.
import { errorOf } from "../../basics/error_of.ts";
import { messageOf } from "../../basics/message_of.ts";
import { faultOf } from "../../fault.ts";
import { estimateMemory, readAvailableMemory } from "../../hub/folder/memory.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import type { PreparedGraph } from "../../onnx/prepare.ts";
import { openOrt } from "../../ort/api.ts";
import { withBrake } from "../../ort/brake.ts";
import { findLibrary } from "../../ort/library.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";
import {
  checkAgainst,
  checkStates,
  readKnownPrompt,
  type Reference,
  referenceOf,
} from "../../runners/check.ts";
import { tryRunner } from "../../runners/trial.ts";
import type { LmRunner } from "../../runners/types.ts";
import type { Device } from "../../wire/device.ts";
import { disposeOnFailure, openAddon } from "./open_addon.ts";
import { beginNative, type NativeOptions, type NativeToOpen } from "./open_native.ts";
import { findOptimisedPlace, type OptimisedPlace, WORTH_BYTES } from "./optimised_graph.ts";
import { type CheckRecord, readCheckRecord } from "./check_record.ts";
import { type KeptGraph, keptGraphOf } from "./kept_graph.ts";
import { GRAPHS, type GraphUse, type LoadPlan, type NativeCheck, planLoad } from "./plan.ts";

type Post = (message: FromWorker) => void;
const forget = () => Promise.resolve();

interface OpenOptions {
  /** Bytes of memory that are free; null where that is unknown. */
  readonly memory?: number | null;
  /** Called once, where possible while weights load in other threads. */
  readonly meanwhile?: () => void;
  /** Aborts when the load is given up: what is being made or run ends soon, and nothing more is opened. */
  readonly signal?: AbortSignal;
}

/** Opens the chosen graph of `folder` on `device`. Throws faults that name the file, and anything after an abort. */
export async function openRunner(
  folder: ModelFolder,
  device: Device,
  spec: LoadSpec,
  post: Post,
  options: OpenOptions = {},
): Promise<LmRunner> {
  const { runner, hasRun, sharedScales, keep } = await openUntried(folder, device, spec, post, options);
  const trial = { most: folder.contextLength, coarse: sharedScales, signal: options.signal };
  if (!hasRun) await disposeOnFailure(runner, () => tryRunner(runner, folder.file.path, trial));
  await keep();
  return runner;
}

interface Opened {
  readonly runner: LmRunner;
  /** It is known to give numbers, from this start or another. */
  readonly hasRun: boolean;
  readonly sharedScales: boolean; // see PreparedGraph
  /** Remembers that the comparison held, where it did, and which graph was kept. */
  readonly keep: () => Promise<void>;
}

/** As `openRunner`, not tried. */
async function openUntried(
  folder: ModelFolder,
  device: Device,
  spec: LoadSpec,
  post: Post,
  { memory = readAvailableMemory(), meanwhile = () => {}, signal = new AbortController().signal }:
    OpenOptions,
): Promise<Opened> {
  const checked = device === "cpu" && spec.runner === "auto";
  const plain = checked ? await readCheckRecord(folder, "as_is", spec) : null;
  const { source, sharedBuffers, sharedScales, foldedBytes } = await graphOf(folder, plain);
  const { config, contextLength, file, bytes } = folder;
  const needed = estimateMemory(file, config, "cpu");
  const how = { name: file.path, config, contextLength, optimised: false, writeOptimised: null, needed };
  const toOpen: NativeToOpen = { source, sharedBuffers, ...how };
  const place = await placeFor(foldedBytes, folder, device, spec);
  const optimised = place === null ? "none" : await place.exists() ? "there" : "absent";
  const use = GRAPHS[optimised][0]!;
  const record = use === "as_is" || !checked ? plain : await readCheckRecord(folder, use, spec);
  const plan = planLoad({
    ...{ device, runner: spec.runner, background: spec.background === true, free: memory },
    ...{ weights: bytes, needed, optimised },
    checked: record?.holds === true,
  });
  if (plan.runner === "addon") {
    return { runner: await openAddon(toOpen, device), hasRun: false, sharedScales, keep: forget };
  }
  let held = false;
  const around = { root: spec.root, post, meanwhile, remember: () => void (held = true), signal };
  const kept = keptGraphOf(folder, record, spec, foldedBytes);
  const runner = await openPlanned(plan, toOpen, { place, kept }, around);
  const hasRun = plan.check === "known" && runner.runtime === "native";
  const facts = "path" in source ? { sharedBuffers, sharedScales, foldedBytes } : null;
  const keep = async () => {
    if (held || (hasRun && kept.name !== record?.graph)) await record?.keep(facts, kept.name);
  };
  return { runner, hasRun, sharedScales, keep };
}

/** The graph as it is to be opened: read, unless an earlier start has seen that its file needs no change. */
async function graphOf(
  { onnxPath: path }: ModelFolder,
  record: CheckRecord | null,
): Promise<Omit<PreparedGraph, "keepAdded">> {
  if (record !== null && record.seen !== null) return { source: { path }, ...record.seen };
  const { prepareGraph } = await import("../../onnx/prepare.ts");
  return await prepareGraph(path);
}

/** Where the optimised graph has its place; null where it does not pay, or there is no library to read it. */
async function placeFor(
  foldedBytes: number,
  folder: ModelFolder,
  device: Device,
  spec: LoadSpec,
): Promise<OptimisedPlace | null> {
  if (device !== "cpu" || spec.runner !== "auto" || foldedBytes < WORTH_BYTES) return null;
  try {
    const { version } = openOrt(findLibrary(spec.root));
    return await findOptimisedPlace(folder, spec.hub.cacheFolder, foldedBytes, version);
  } catch {
    return null; // opening the model says what is wrong
  }
}

type NativePlan = Extract<LoadPlan, { runner: "native" }>;

/** What opening needs besides the plan. */
interface Surroundings {
  readonly root: string;
  readonly post: Post;
  readonly meanwhile: () => void;
  /** Remembers that the check held. */
  readonly remember: () => void;
  readonly signal: AbortSignal;
}

/** The first of the plan's graphs that opens. */
async function openPlanned(
  plan: NativePlan,
  toOpen: NativeToOpen,
  { place, kept }: { readonly place: OptimisedPlace | null; readonly kept: KeptGraph },
  surroundings: Surroundings,
): Promise<LmRunner> {
  for (const use of plan.graphs) {
    const first = use === plan.graphs[0];
    const check = plan.check === "known" && !first ? "plain" : plan.check; // it is the first one that was checked
    const open = (graph: NativeToOpen) =>
      openNative(graph, { ...plan, check }, first ? surroundings : { ...surroundings, remember: forget });
    if (use === "as_is" || place === null) return await kept.open(toOpen, open, surroundings.signal);
    const runner = await open(await chooseGraph(use, toOpen, place)).catch(() => null);
    if (runner === null && use === "optimised") surroundings.signal.throwIfAborted(); // no fault of the file
    await settle(use, place, runner, surroundings.post);
    if (runner !== null) return runner;
  }
  throw new Error("Every plan ends with the model's own file");
}

async function chooseGraph(
  use: GraphUse,
  toOpen: NativeToOpen,
  place: OptimisedPlace,
): Promise<NativeToOpen> {
  if (use === "optimised") return { ...toOpen, source: { path: place.file }, optimised: true };
  const path = await place.begin();
  return { ...toOpen, writeOptimised: path === null ? null : { path, weights: true } };
}

/** What becomes of the optimised graph when a load has used or written it. */
async function settle(
  use: GraphUse,
  place: OptimisedPlace,
  runner: LmRunner | null,
  post: Post,
): Promise<void> {
  if (use === "writing") {
    if (runner?.runtime !== "native") return await place.discard(); // the disk may be full
    return await place.keep().catch(() => place.discard());
  }
  if (runner !== null) return;
  post({ type: "log", level: "info", message: `${place.file} does not open and is thrown away.` });
  await place.discard();
}

/** The native runner where the plan's check holds, else the addon. */
async function openNative(
  toOpen: NativeToOpen,
  { check, thread }: NativePlan,
  { root, post, meanwhile, remember, signal }: Surroundings,
): Promise<LmRunner> {
  const runner = await withBrake(root, signal, (brake) => {
    const options = { root, thread, compare: check === "plain", meanwhile, brake, signal };
    return CHECKED[check](toOpen, options, post);
  });
  if (check === "plain" && runner.runtime === "native") remember();
  return runner;
}

/** What opening a native runner takes, and what ends its check. */
interface Opening extends NativeOptions {
  readonly signal: AbortSignal;
}

type Open = (toOpen: NativeToOpen, options: Opening, post: Post) => Promise<LmRunner>;

const CHECKED: Readonly<Record<NativeCheck, Open>> = {
  none: async (toOpen, options) => await (await beginNative(toOpen, options)).native,
  known: openKnown,
  states: openCheckedByStates,
  plain: openCompared,
};

/** The native runner, where it still opens. */
async function openKnown(toOpen: NativeToOpen, options: Opening, post: Post): Promise<LmRunner> {
  const native = await (await beginNative(toOpen, options)).native.catch(rethrowModelFault);
  if (!(native instanceof Error)) return native;
  return fallBackTo(await openOther(toOpen, options), native, post);
}

/** The addon's runner, for a load that was not given up meanwhile. */
async function openOther(toOpen: NativeToOpen, { signal }: Opening): Promise<LmRunner> {
  signal.throwIfAborted();
  return await openAddon(toOpen, "cpu");
}

/** One session at a time: the native runner where its states survive forks and truncations. */
async function openCheckedByStates(
  toOpen: NativeToOpen,
  options: Opening,
  post: Post,
): Promise<LmRunner> {
  const native = await openKnown(toOpen, options, post);
  if (native.runtime === "addon") return native;
  const difference = await checkStates(native, readKnownPrompt(native.vocabSize), options.signal).catch(
    errorOf,
  );
  if (difference === null) {
    const message = "Memory has no room to compare both runners: the native one was checked by itself.";
    post({ type: "log", level: "info", message });
    return native;
  }
  await native.dispose();
  return fallBackTo(await openOther(toOpen, options), difference, post);
}

/** The native runner, and a plain session of the same graph; the former serves if both agree on a known prompt.
 * Optimised graphs may round otherwise than those opened as they are, so a disagreement is asked again of the addon
 * that would serve. */
async function openCompared(
  toOpen: NativeToOpen,
  options: Opening,
  post: Post,
): Promise<LmRunner> {
  const { signal } = options;
  const { native, reference } = await beginNative(toOpen, options);
  await native.catch(rethrowModelFault);
  if (reference !== null && await differenceOf(native, reference, signal) === null) return await native;
  const addon = await openOther(toOpen, options).catch(errorOf);
  if (addon instanceof Error) {
    await native.then((runner) => runner.dispose(), () => {});
    throw addon;
  }
  const theirs = await referenceOf(addon, readKnownPrompt(addon.vocabSize)).catch(errorOf);
  const difference = theirs instanceof Error ? theirs : await differenceOf(native, theirs, signal);
  if (difference !== null) {
    await native.then((runner) => runner.dispose(), () => {});
    return fallBackTo(addon, difference, post);
  }
  await addon.dispose();
  returnFreedMemory();
  return await native;
}

async function differenceOf(
  native: Promise<LmRunner>,
  theirs: Reference,
  signal: AbortSignal,
): Promise<Error | string | null> {
  const ids = readKnownPrompt(theirs.vocabSize);
  return await native.then((runner) => checkAgainst(runner, theirs, ids, signal)).catch(errorOf);
}

function fallBackTo(addon: LmRunner, reason: Error | string, post: Post): LmRunner {
  const why = messageOf(reason);
  post({ type: "log", level: "warn", message: `The native runner is not used: ${why}` });
  return addon;
}

/** What the addon may have an answer to: it reads the same graphs, so one that does not open is thrown. */
function rethrowModelFault(error: unknown): Error {
  if (faultOf(error)?.code === "model_failed") throw error;
  return errorOf(error);
}
