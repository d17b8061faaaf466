// Which graph a start opens, remembered by the one before: the main thread begins its session while the worker is still
// starting, and the worker takes it where it comes to the same.
//
//   <cache folder>/starts/<hash of what is asked for>    a FirstGraph as JSON
import { join } from "node:path";
import { shortHash } from "../basics/sha256.ts";
import type { LoadSpec } from "./messages.ts";

/** A graph that is kept (lib/worker/opening/kept_graph.ts). */
export interface FirstGraph {
  /** Its name in the folder of those that are kept. */
  readonly graph: string;
  /** Where its weights are. */
  readonly folder: string;
  /** Bytes of memory that a session takes, an estimate. */
  readonly needed: number;
}

type Asked = Pick<
  LoadSpec,
  "root" | "roots" | "hub" | "model" | "variant" | "device" | "runner" | "cacheFolder"
>;

/** The folder of graphs that are kept. */
export function keptGraphsFolder(cacheFolder: string): string {
  return join(cacheFolder, "graphs");
}

/** The name of a graph that is kept. */
export function keptGraphName(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return shortHash([bytes]);
}

/** Where that of a load is remembered; null where nothing is. */
export async function pathOfFirstGraph(asked: Asked): Promise<string | null> {
  const { root, roots, hub, model, variant, device, runner, cacheFolder = null } = asked;
  if (cacheFolder === null) return null;
  const name = await shortHash([
    JSON.stringify([root, roots, hub.cacheFolder, model, variant, device, runner]),
  ]);
  return join(cacheFolder, "starts", name);
}

/** The graph and its bytes; null where none is remembered, or it is gone or damaged. */
export async function readFirstGraph(
  asked: Asked,
): Promise<FirstGraph & { readonly bytes: Uint8Array<ArrayBuffer> } | null> {
  try {
    const path = await pathOfFirstGraph(asked);
    if (path === null) return null;
    const { graph, folder, needed } = JSON.parse(await Deno.readTextFile(path)) as FirstGraph;
    const bytes = await Deno.readFile(join(keptGraphsFolder(asked.cacheFolder!), graph));
    return await keptGraphName(bytes) === graph ? { graph, folder, needed, bytes } : null;
  } catch {
    return null;
  }
}
