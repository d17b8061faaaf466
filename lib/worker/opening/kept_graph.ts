// What ONNX Runtime's optimisation makes of a graph is kept from start to start, where the weights lie in files beside
// it: the graph alone (0.3 MB of the bundled model), which finds them where they are. Opened as it is it computes the
// same, and a session takes a sixth less: 50 ms of 270. It holds under the facts of a check (check_record.ts).
//
//   <cache folder>/graphs/<hash of its content>
import { dirname, join } from "node:path";
import type { ModelFolder } from "../../hub/folder/types.ts";
import type { GraphSource } from "../../ort/types.ts";
import { keptGraphName, keptGraphsFolder } from "../../protocol/first_graph.ts";
import type { LoadSpec } from "../../protocol/messages.ts";
import type { CheckRecord } from "./check_record.ts";
import { declineFirst, forgetFirstGraph, rememberFirstGraph } from "./first_graph_record.ts";
import type { NativeToOpen } from "./open_native.ts";
import { readRecord, writeRecord } from "./record_file.ts";

/** Bytes of a graph up to which it is kept: a larger one has weights in it. */
const MOST_BYTES = 4 * 2 ** 20;
/** The name of one that was found not to pay. */
const NONE = "";

/** The graph that is kept of one model. */
export interface KeptGraph {
  /** Its name in the record; null where there is none, or it is not known yet. */
  readonly name: string | null;
  /** Opens it in the place of `toOpen` by `open`; where it is not there or does not open, `toOpen`, of which it is made
   * anew. Throws what `open` throws, or the reason of `signal`. */
  open<T>(
    toOpen: NativeToOpen,
    open: (toOpen: NativeToOpen) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
}

/** That of the model whose check `record` remembers; one that is never kept where the file is not opened as it is, or
 * nothing is remembered. `foldedBytes`: of the constants that a load folds. */
export function keptGraphOf(
  { onnxPath, file }: Pick<ModelFolder, "onnxPath" | "file">,
  record: CheckRecord | null,
  spec: LoadSpec,
  foldedBytes: number,
): KeptGraph {
  const { cacheFolder = null } = spec;
  const worth = file.external.length > 0 && foldedBytes <= MOST_BYTES;
  if (record === null || cacheFolder === null || !worth) {
    return { name: null, open: (toOpen, open) => open(toOpen) };
  }
  const folder = keptGraphsFolder(cacheFolder);
  let name = record.graph;
  return {
    get name() {
      return name;
    },
    async open(toOpen, open, signal) {
      if (spec.begun?.name !== name && declineFirst(spec)) await forgetFirstGraph(spec);
      const remember = async () => {
        if (!isGraph(name)) return;
        await rememberFirstGraph(spec, { graph: name, folder: dirname(onnxPath), needed: toOpen.needed });
      };
      const bytes = isGraph(name) ? await readGraph(folder, name) : null;
      if (bytes !== null) {
        const begun = spec.begun?.name === name ? { begun: spec.begun } : {};
        const given = { ...toOpen, ...begun, source: { bytes, folder: dirname(onnxPath) }, optimised: true };
        const opened = await open(given).catch(() => null);
        signal.throwIfAborted();
        if (opened !== null) return await remember().then(() => opened);
      }
      if (name === NONE) return await open(toOpen);
      const { opened, written } = await openWriting(toOpen, open, signal, folder);
      name = written;
      return await remember().then(() => opened);
    },
  };
}

function isGraph(name: string | null): name is string {
  return name !== null && name !== NONE;
}

/** Opens the file while its graph is written; says under which name that is kept. */
async function openWriting<T>(
  toOpen: NativeToOpen,
  open: (toOpen: NativeToOpen) => Promise<T>,
  signal: AbortSignal,
  folder: string,
): Promise<{ readonly opened: T; readonly written: string | null }> {
  const path = await beginGraph(folder, toOpen.source);
  if (path === null) return { opened: await open(toOpen), written: null };
  try {
    const opened = await open({ ...toOpen, writeOptimised: { path, weights: false } });
    return { opened, written: await keepGraph(folder, path) };
  } catch {
    signal.throwIfAborted();
    return { opened: await open(toOpen), written: null }; // the disk may be full
  } finally {
    await Deno.remove(path).catch(() => {});
  }
}

/** Null where it is gone or damaged. */
async function readGraph(folder: string, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const bytes = await readRecord(join(folder, name));
    return await keptGraphName(bytes) === name ? bytes : null;
  } catch {
    return null;
  }
}

/** Where one may be written; null where it has weights in it, or the folder cannot be written. */
async function beginGraph(folder: string, source: GraphSource): Promise<string | null> {
  try {
    if (!("path" in source) || (await Deno.stat(source.path)).size > MOST_BYTES) return null;
    await Deno.mkdir(folder, { recursive: true });
    return join(folder, `${crypto.randomUUID()}.incomplete`);
  } catch {
    return null;
  }
}

/** The name under which what was written is kept; null where that cannot be. */
async function keepGraph(folder: string, written: string): Promise<string | null> {
  try {
    if ((await Deno.stat(written)).size > MOST_BYTES) return NONE;
    const bytes = await Deno.readFile(written);
    const name = await keptGraphName(bytes);
    await writeRecord(join(folder, name), bytes);
    return name;
  } catch {
    return null;
  }
}
