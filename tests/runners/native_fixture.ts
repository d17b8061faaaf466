// The native runner over a model file, and garbage collection on demand, for the native runner's tests.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openGraph } from "../../lib/ort/addon_graph.ts";
import { createAddonRunner } from "../../lib/runners/addon/runner.ts";
import { findLayout } from "../../lib/runners/layout.ts";
import { openNativeGraph } from "../../lib/ort/native_graph.ts";
import { createNativeRunner } from "../../lib/runners/native/runner.ts";
import { openOrt, type Ort } from "../../lib/ort/api.ts";
import { findLibrary } from "../../lib/ort/library.ts";
import { openSession } from "../../lib/ort/session.ts";
import { prepareGraph } from "../../lib/onnx/prepare.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { BUNDLED } from "./goldens.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

export function openLibrary(): Ort {
  return openOrt(findLibrary(ROOT));
}

export async function openNative(
  path: string,
  config: unknown,
  library: Ort = openLibrary(),
): Promise<LmRunner> {
  const { source, sharedBuffers } = await prepareGraph(path);
  const graph = await openNativeGraph(library, source);
  const layout = findLayout(graph.inputs, graph.outputs, config, sharedBuffers);
  return createNativeRunner(graph, layout, { contextLength: contextLength(config) });
}

/** As `openNative`, with a second session for a crowd; `opened` is told of each. */
export async function openForMany(path: string, config: unknown, opened: () => void): Promise<LmRunner> {
  const { source, sharedBuffers } = await prepareGraph(path);
  const graph = await openNativeGraph(openLibrary(), source);
  const layout = findLayout(graph.inputs, graph.outputs, config, sharedBuffers);
  const openBeside = async () => {
    opened();
    return await openSession(openLibrary(), source, { threads: 1 });
  };
  return createNativeRunner(graph, layout, { contextLength: contextLength(config), openBeside });
}

export async function openAddon(path: string, config: unknown): Promise<LmRunner> {
  const { source, sharedBuffers } = await prepareGraph(path);
  const graph = await openGraph(source, "cpu");
  return createAddonRunner(graph, findLayout(graph.inputs, graph.outputs, config, sharedBuffers), "cpu");
}

export async function openBundled(open: typeof openNative): Promise<LmRunner> {
  const config: unknown = JSON.parse(await Deno.readTextFile(new URL("config.json", BUNDLED)));
  return await open(new URL("onnx/model_q4.onnx", BUNDLED).pathname, config);
}

export function contextLength(config: unknown): number {
  const { max_position_embeddings, n_positions } = config as Record<string, number>;
  return max_position_embeddings ?? n_positions ?? 0;
}

/** A full garbage collection, now. */
export function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
