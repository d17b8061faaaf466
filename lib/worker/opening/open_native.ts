// Opening the native runner, and what a plain session says about the same graph: in this worker's thread, or in another one
// that gives way to the model that serves.
import { createNativeRunner } from "../../runners/native/runner.ts";
import type { Reference } from "../../runners/check.ts";
import { graphOver, type NativeGraph, openNativeGraph } from "../../ort/native_graph.ts";
import { openOrt } from "../../ort/api.ts";
import { findLibrary } from "../../ort/library.ts";
import { adoptSession } from "../../ort/session.ts";
import { findLayout } from "../../runners/layout.ts";
import type { LmRunner } from "../../runners/types.ts";
import { openInBackground } from "./background.ts";
import { askPlain, type GraphToOpen, orDispose } from "./open_addon.ts";

/** A graph, and how the native session is to treat it. */
export interface NativeToOpen extends GraphToOpen {
  readonly writeOptimised: string | null;
  readonly contextLength: number; // tokens
}

export interface NativeOptions {
  /** The folder of main.ts. */
  readonly root: string;
  readonly thread: "own" | "background";
  /** Whether a plain session is asked as well. */
  readonly compare: boolean;
  /** Called once, while weights load in other threads. */
  readonly meanwhile: () => void;
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

function beginHere(toOpen: NativeToOpen, { root, compare, meanwhile }: NativeOptions): Promise<Begun> {
  const native = handleLater(openHere(toOpen, root));
  meanwhile();
  const reference = compare ? askPlain(toOpen, () => openOrt(findLibrary(root))) : Promise.resolve(null);
  return Promise.resolve({ native, reference });
}

async function openHere(toOpen: NativeToOpen, root: string): Promise<LmRunner> {
  const { source, name, optimised, writeOptimised } = toOpen;
  const options = { name, optimised, writeOptimised };
  return await runnerOver(await openNativeGraph(openOrt(findLibrary(root)), source, options), toOpen);
}

async function beginInBackground(
  toOpen: NativeToOpen,
  { root, compare, meanwhile }: NativeOptions,
): Promise<Begun> {
  const { source, name, optimised, writeOptimised, config, sharedBuffers } = toOpen;
  let library: string;
  try {
    library = findLibrary(root);
  } catch (error) {
    return { native: handleLater(Promise.reject(error)), reference: Promise.resolve(null) };
  }
  const graph = { source, name, optimised, config, sharedBuffers };
  const other = openInBackground({ library, toOpen: graph, writeOptimised, compare });
  const native = handleLater(
    other.session.then((session) =>
      runnerOver(graphOver(adoptSession(openOrt(library), session, name)), toOpen)
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

function runnerOver(graph: NativeGraph, toOpen: NativeToOpen): Promise<LmRunner> {
  return orDispose(graph, () => {
    const layout = findLayout(graph.inputs, graph.outputs, toOpen.config, toOpen.sharedBuffers);
    return createNativeRunner(graph, layout, { contextLength: toOpen.contextLength });
  });
}
