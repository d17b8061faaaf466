// The session of a start's model, begun before its worker: that takes 90 ms until it knows what to open.
import { readAvailableMemory } from "../hub/folder/memory.ts";
import { openOrt } from "../ort/api.ts";
import { beginSession } from "../ort/begun_session.ts";
import { findLibrary } from "../ort/library.ts";
import type { BegunSession } from "../ort/types.ts";
import { readFirstGraph } from "../protocol/first_graph.ts";
import type { Runtime } from "./runtime.ts";
import type { LoadSpec } from "../protocol/messages.ts";

/** Begins it once ONNX Runtime is there; null where no start before has opened what `spec`
 * asks for in this way, or the memory has no room. The worker says what is wrong with any of it. */
export async function beginFirstSession(
  spec: LoadSpec,
  { there }: Pick<Runtime, "there">,
): Promise<BegunSession | null> {
  try {
    const first = await readFirstGraph(spec);
    if (first === null || (readAvailableMemory() ?? Infinity) < first.needed) return null;
    await there;
    const { graph: name, needed, bytes, folder } = first;
    return beginSession(openOrt(findLibrary(spec.root)), { name, needed }, { bytes, folder });
  } catch {
    return null;
  }
}
