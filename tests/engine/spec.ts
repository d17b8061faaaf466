// What a worker is told to open, for tests with real models.
import { join } from "node:path";
import { modelRoots } from "../../lib/hub/resolve.ts";
import type { LoadSpec } from "../../lib/protocol/messages.ts";
import { DEFAULT_LIMITS, type HubAddress } from "../../lib/hub/fetch/settings.ts";

export const ROOT = join(import.meta.dirname!, "..", "..");
export const FIXTURES = join(ROOT, "tests", "fixtures");

/** A hub that is not there. */
export const NO_HUB: HubAddress = {
  endpoint: "http://127.0.0.1:1",
  cacheFolder: "/nonexistent",
  token: null,
  offline: true,
  userAgent: "next-token",
  symlinks: true,
  limits: DEFAULT_LIMITS,
};

/** The model `model`, bundled or a tiny one by its folder's name, on the CPU. */
export function specFor(model: string, changes: Partial<LoadSpec> = {}): LoadSpec {
  return {
    backend: "onnx",
    root: ROOT,
    roots: modelRoots(join(ROOT, "models"), { modelsDir: join(FIXTURES, "tiny-models") }),
    hub: NO_HUB,
    model,
    device: "cpu",
    variant: null,
    runner: "auto",
    cacheBytes: 64 * 2 ** 20,
    prefetch: false,
    ...changes,
  };
}
