// Opening the native runner, and what a plain session says about the same graph: in this worker's thread, or in another
// one that gives way to the model that serves.
import { createNativeRunner } from "../../runners/native/runner.ts";
import type { Reference } from "../../runners/check.ts";
import { graphOfSession, type NativeGraph, openNativeGraph } from "../../ort/native_graph.ts";
import { openOrt } from "../../ort/api.ts";
import type { BegunSession } from "../../ort/types.ts";
import type { BrakeAddresses } from "../../ort/brake.ts";
import type { OptimisedCopy } from "../../ort/create.ts";
import { findLibrary } from "../../ort/library.ts";
import { adoptSession, type OrtSession } from "../../ort/session.ts";
import { chooseSessionThreads } from "../../ort/threads.ts";
import { readAvailableMemory } from "../../hub/folder/memory.ts";
import { findLayout } from "../../runners/layout.ts";
import type { LmRunner } from "../../runners/types.ts";
import { openInBackground } from "./background.ts";
import { askPlain, disposeOnFailure, type GraphToOpen } from "./open_addon.ts";

/** A graph, and how the native session is to treat it. */
export interface NativeToOpen extends GraphToOpen {
  readonly writeOptimised: OptimisedCopy | null;
  readonly contextLength: number; // tokens
  readonly needed: number; // bytes of memory of one session, an estimate
  /** The session where the main thread has begun it. */
  readonly begun?: BegunSession;
}

export interface NativeOptions {
  /** The folder of main.ts. */
  readonly root: string;
  readonly thread: "own" | "background";
  /** Whether a plain session is asked as well. */
  readonly compare: boolean;
  /** Called once, while weights load in other threads. */
  readonly meanwhile: () => void;
  /** What ends sessions that are being made, and the plain one's runs. */
  readonly brake: BrakeAddresses | undefined;
}

/** A native runner that may still be opening (it rejects where it cannot), and what a plain session says: null where
 * none was asked, or it fails. */
export interface NativeOpening {
  readonly native: Promise<LmRunner>;
  readonly reference: Reference | null;
}

/** Begins to open the native runner, and asks a plain session where that is wanted. Does not reject. */
export async function beginNative(toOpen: NativeToOpen, options: NativeOptions): Promise<NativeOpening> {
  const { native, reference } = await (options.thread === "background" ? beginInBackground : beginHere)(
    toOpen,
    options,
  );
  return { native, reference: await reference };
}

/** As {@link NativeOpening}, the plain session still being asked. */
interface Begun {
  readonly native: Promise<LmRunner>;
  readonly reference: Promise<Reference | null>;
}

function beginHere(
  toOpen: NativeToOpen,
  { root, compare, meanwhile, brake }: NativeOptions,
): Promise<Begun> {
  const native = handleLater(openHere(toOpen, root, brake));
  meanwhile();
  const library = () => openOrt(findLibrary(root));
  const reference = compare ? askPlain(toOpen, library, brake) : Promise.resolve(null);
  return Promise.resolve({ native, reference });
}

async function openHere(
  toOpen: NativeToOpen,
  root: string,
  brake: BrakeAddresses | undefined,
): Promise<LmRunner> {
  const { source, name, optimised, writeOptimised, begun } = toOpen;
  const options = { name, optimised, writeOptimised, begun, brake };
  const library = findLibrary(root);
  return await makeRunner(await openNativeGraph(openOrt(library), source, options), toOpen, library);
}

async function beginInBackground(
  toOpen: NativeToOpen,
  { root, compare, meanwhile, brake }: NativeOptions,
): Promise<Begun> {
  const { source, name, optimised, writeOptimised, config, sharedBuffers } = toOpen;
  let library: string;
  try {
    library = findLibrary(root);
  } catch (error) {
    return { native: handleLater(Promise.reject(error)), reference: Promise.resolve(null) };
  }
  const graph = { source, name, optimised, config, sharedBuffers };
  const other = openInBackground({ library, toOpen: graph, writeOptimised, compare, brake });
  const native = handleLater(
    other.session.then((session) =>
      makeRunner(graphOfSession(adoptSession(openOrt(library), session, name)), toOpen, library)
    ),
  );
  await other.begun;
  meanwhile();
  return { native, reference: other.reference };
}

/** It is awaited later: its rejection is seen then. */
function handleLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function makeRunner(graph: NativeGraph, toOpen: NativeToOpen, library: string): Promise<LmRunner> {
  return disposeOnFailure(graph, () => {
    const layout = findLayout(graph.inputs, graph.outputs, toOpen.config, toOpen.sharedBuffers);
    const openBeside = besideOf(toOpen, library);
    return createNativeRunner(graph, layout, {
      contextLength: toOpen.contextLength,
      ...openBeside === null ? {} : { openBeside },
    });
  });
}

/** Bytes of a graph in JavaScript's memory that may be kept to open it again: more are weights. */
const MOST_KEPT_BYTES = 16 * 2 ** 20;

/** Opens the same graph once more with one thread, in a thread that gives way, where the memory has room for twice
 * what it needs. Null where that would round otherwise (a graph that is being written with its weights is optimised
 * less than its file), and where a session has one thread anyway: side by side runs would use processors that are not
 * there, or that NEXTTOKEN_THREADS leaves to others. */
function besideOf(toOpen: NativeToOpen, library: string): (() => Promise<OrtSession>) | null {
  const { source, name, optimised, config, sharedBuffers, writeOptimised, needed } = toOpen;
  const large = !("path" in source) && source.bytes.byteLength > MOST_KEPT_BYTES;
  if (writeOptimised?.weights || large || chooseSessionThreads() === 1) return null;
  const graph = { source, name, optimised, config, sharedBuffers };
  return async () => {
    if ((readAvailableMemory() ?? Infinity) < 2 * needed) throw new Error("The memory has no room for it.");
    const job = { library, toOpen: graph, writeOptimised: null, threads: 1, compare: false };
    return adoptSession(openOrt(library), await openInBackground(job).session, name);
  };
}
