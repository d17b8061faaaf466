// Attribution over the file that serves. Nothing is opened or imported before something is asked.
import type { Attribution } from "../../decode/types.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import type { Attributor } from "./attributor.ts";

/** Attribution that ends with its model. */
export interface OpenAttribution extends Attribution {
  close(): Promise<void>;
}

/** `root`: the folder of main.ts. On any device attribution runs on the CPU, through ONNX Runtime's C API. */
export function openAttribution(
  { onnxPath: path, config, bytes }: Pick<ModelFolder, "onnxPath" | "config" | "bytes">,
  root: string,
): OpenAttribution {
  let begun: Promise<Attributor> | null = null;
  const begin = async () => {
    const { Attributor } = await import("./attributor.ts");
    const { spawnAttributionWorker } = await import("./port.ts");
    return new Attributor({ root, path, config, bytes }, { spawn: spawnAttributionWorker });
  };
  const attributor = () => begun ??= begin();
  return {
    estimate: async (task) => (await attributor()).estimate(task),
    explain: async (task, watch) => await (await attributor()).explain(task, watch),
    async close() {
      await (await begun)?.close(); // no job is running, and none comes
    },
  };
}
