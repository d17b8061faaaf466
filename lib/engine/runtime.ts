// ONNX Runtime for the first session, begun before a start reads anything else: other threads take 25 ms for it.
import { parseRemoteName } from "../hub/remote_name.ts";
import { openAhead } from "../ort/api.ts";
import { findLibrary } from "../ort/library.ts";
import { refuseTelemetry } from "../ort/telemetry.ts";

/** Milliseconds for which a start waits for the library: it takes 3 where the files are in memory. */
const LOADING_MS = 10;

export interface Runtime {
  /** Resolves when this thread has no more to do for it, or LOADING_MS later: reading modules would hold it up. */
  readonly begun: Promise<void>;
  /** Resolves when it is there, or cannot be: what is wrong with it is told when the model is opened. */
  readonly there: Promise<void>;
}

/** Loads ONNX Runtime, where `model` is to run here: the first session wants it at once. `root`: the folder of
 * main.ts. */
export function beginRuntime(root: string, model: string): Runtime {
  refuseTelemetry();
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const waiting = setTimeout(resolve, LOADING_MS);
  const goOn = () => {
    clearTimeout(waiting);
    resolve();
  };
  const load = async () => {
    if (parseRemoteName(model) === null) await openAhead(findLibrary(root), goOn);
  };
  return { begun, there: load().catch(() => {}).finally(goOn) };
}
