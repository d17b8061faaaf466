// Attribution over the bundled model as it is measured: its two graphs, its worker, and tasks for it.
import type { AttributionTask } from "../lib/attribution/explain/task.ts";
import { type GradientSession, openGradientSession } from "../lib/attribution/gradient/session.ts";
import { openTaps, type TapSession } from "../lib/attribution/taps/tap_session.ts";
import { openOrt } from "../lib/ort/api.ts";
import { findLibrary } from "../lib/ort/library.ts";
import { Attributor } from "../lib/worker/attribution/attributor.ts";
import { spawnAttributionWorker } from "../lib/worker/attribution/port.ts";
import { BUNDLED_FOLDER, readFolder, ROOT } from "./model.ts";

/** Opens the graph with taps, in this thread. */
export async function openBundledTaps(): Promise<TapSession> {
  const { onnxPath, config } = await readFolder(BUNDLED_FOLDER);
  return await openTaps(openOrt(findLibrary(ROOT)), onnxPath, config);
}

/** Opens the gradient graph, in this thread. */
export async function openBundledGradients(): Promise<GradientSession> {
  const { onnxPath, config } = await readFolder(BUNDLED_FOLDER);
  return await openGradientSession(openOrt(findLibrary(ROOT)), onnxPath, config);
}

/** Attribution in its own worker, as the product has it, freed after `idleMs` of rest. */
export async function openBundledAttributor(idleMs: number): Promise<Attributor> {
  const { onnxPath: path, config, bytes } = await readFolder(BUNDLED_FOLDER);
  return new Attributor({ root: ROOT, path, config, bytes }, { spawn: spawnAttributionWorker, idleMs });
}

/** A task about the log-probability of `id`, with the API's defaults but for `more`. */
export function taskOf(
  context: readonly number[],
  id: number,
  more: Partial<AttributionTask> & Pick<AttributionTask, "method">,
): AttributionTask {
  return {
    ...{ context, target: { quantity: "logprob", ids: [id], rival: null }, signed: false, normalize: false },
    ...{ steps: 50, baseline: "zero", occlusion: "delete_token", layer: null, head: null, heads: false },
    ...{ remove: [], everywhere: false, follow: [], faithfulness: false },
    ...more,
  };
}
