// Which runner serves a model: the native one on the CPU where its library loads and a check at start agrees with
// the addon, else the addon.
import type { ModelFolder } from "../hub/types.ts";
import { openGraph } from "../runtime/addon_graph.ts";
import { createAddonRunner } from "../runtime/addon_runner.ts";
import { findLayout } from "../runtime/layout.ts";
import { type PreparedGraph, prepareGraph } from "../runtime/prepare.ts";
import type { Device, LmRunner } from "../runtime/types.ts";
import type { FromWorker, LoadSpec } from "./protocol.ts";

/** Opens the chosen graph of `folder` on `device`. Throws faults that name the file. */
export async function openRunner(
  folder: ModelFolder,
  device: Device,
  _spec: LoadSpec,
  _post: (message: FromWorker) => void,
): Promise<LmRunner> {
  const prepared = await prepareGraph(folder.onnxPath);
  return await openAddon(prepared, folder, device);
}

async function openAddon(prepared: PreparedGraph, folder: ModelFolder, device: Device): Promise<LmRunner> {
  const graph = await openGraph(prepared.source, device, { name: folder.file.path });
  const layout = findLayout(graph.inputs, graph.outputs, folder.config, prepared.sharedBuffers);
  return createAddonRunner(graph, layout, device);
}
