// Attribution over the file that serves. Nothing is opened before something is asked.
import type { ModelFolder } from "../../hub/folder/types.ts";
import { Attributor } from "./attributor.ts";
import { spawnAttributionWorker } from "./port.ts";

/** `root`: the folder of main.ts. On any device attribution runs on the CPU, through ONNX Runtime's C API. */
export function openAttribution(
  { onnxPath: path, config, bytes }: Pick<ModelFolder, "onnxPath" | "config" | "bytes">,
  root: string,
): Attributor {
  return new Attributor({ root, path, config, bytes }, { spawn: spawnAttributionWorker });
}
