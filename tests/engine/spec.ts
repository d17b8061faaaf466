// What a worker is told to open, for tests with real models.
import { join } from "node:path";
import { createModelRoots } from "../../lib/hub/resolve.ts";
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

/** What is remembered of the models' files while this isolate lives: the first of its loads checks a graph and tries it
 * out, the others need not (lib/worker/opening). */
const cacheFolder = Deno.makeTempDirSync({ prefix: "next-token-tests-" });
addEventListener("unload", () => Deno.removeSync(cacheFolder, { recursive: true }));

/** Nothing is remembered, so that all is checked, and the worker rehearses: for tests of what a first load does. */
export const FIRST_LOAD = { cacheFolder: null, rehearse: true } as const;

/** The model `model`, bundled or a tiny one by its folder's name, on the CPU. */
export function specFor(model: string, changes: Partial<LoadSpec> = {}): LoadSpec {
  return {
    backend: "onnx",
    root: ROOT,
    roots: createModelRoots(join(ROOT, "models"), { modelsDir: join(FIXTURES, "tiny-models") }),
    hub: NO_HUB,
    model,
    device: "cpu",
    variant: null,
    runner: "auto",
    cacheBytes: 64 * 2 ** 20,
    cacheFolder,
    prefetch: false,
    rehearse: false, // 0.2 processor seconds a load, for clicks that hardly a test makes
    ...changes,
  };
}
