// The addon's runner of a graph that is ready to open, and what a graph says whose tensors are copied as the addon's
// are.
import type { JsonObject } from "../../hub/folder/types.ts";
import { openGraph } from "../../ort/addon_graph.ts";
import type { Ort } from "../../ort/api.ts";
import type { BrakeAddresses } from "../../ort/brake.ts";
import { openNativeGraph } from "../../ort/native_graph.ts";
import { createAddonRunner } from "../../runners/addon/runner.ts";
import { findLayout } from "../../runners/layout.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import { readKnownPrompt, type Reference, referenceOf } from "../../runners/check.ts";
import type { PreparedGraph } from "../../onnx/prepare.ts";
import type { Graph } from "../../ort/types.ts";
import type { Device } from "../../wire/device.ts";
import type { LmRunner } from "../../runners/types.ts";

/** What opening a graph takes, whichever runner. */
export interface GraphToOpen extends Pick<PreparedGraph, "source" | "sharedBuffers"> {
  /** What errors call the graph. */
  readonly name: string;
  readonly config: JsonObject;
  /** True where the graph is to be opened as it is. */
  readonly optimised: boolean;
}

/** Opens it in this thread, which it blocks. Throws a `model_failed` fault that names the graph. */
export async function openAddon(toOpen: GraphToOpen, device: Device): Promise<LmRunner> {
  const { source, name, optimised } = toOpen;
  return await makeRunner(await openGraph(source, device, { name, optimised }), toOpen, device);
}

function makeRunner(graph: Graph, toOpen: GraphToOpen, device: Device): Promise<LmRunner> {
  return disposeOnFailure(graph, () => {
    const layout = findLayout(graph.inputs, graph.outputs, toOpen.config, toOpen.sharedBuffers);
    return createAddonRunner(graph, layout, device);
  });
}

/** Makes something of an open resource; where that fails, the resource is released. */
export async function disposeOnFailure<T>(
  opened: { dispose(): Promise<void> },
  make: () => T | Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    await opened.dispose();
    throw error;
  }
}

/** What the graph says about the known prompt where its tensors are copied and no buffer is shared. It is opened as it
 * is: optimising would take longer than those few tokens do. Null where it fails. By the C API too, because the addon
 * leaves descriptors behind in every thread that loads it (Deno 2.9.6). `brake` ends it. */
export async function askPlain(
  toOpen: GraphToOpen,
  library: () => Ort,
  brake: BrakeAddresses | undefined,
): Promise<Reference | null> {
  try {
    const { source, name } = toOpen;
    const options = { name, optimised: true, brake, runsUnderBrake: true };
    const graph = await openNativeGraph(library(), source, options);
    const plain = await makeRunner(graph, toOpen, "cpu");
    try {
      return await referenceOf(plain, readKnownPrompt(plain.vocabSize));
    } finally {
      await plain.dispose();
      returnFreedMemory();
    }
  } catch {
    return null; // asked again where it can be said
  }
}
