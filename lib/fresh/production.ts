// What a built `server.js` runs: finds the build's files and installs them into the app.
import { dirname, join } from "node:path";
import type { App } from "./app.ts";
import { createBuild, installBuild, type Manifest, type RouteModule } from "./build.ts";

/**
 * Installs the build whose `snapshot` (a path from the root) lies at or above `folder`: as written, the server
 * module is one folder below the root; `deno compile --bundle` moves all code to the root itself.
 */
export function installFromDisk<S>(
  app: App<S>,
  folder: string,
  snapshot: string,
  modules: { routes: RouteModule[]; islands: Record<string, unknown>[] },
): void {
  const { root, manifest } = findManifest(folder, snapshot);
  installBuild(app, createBuild(root, app.config.mode, manifest, modules));
}

function findManifest(folder: string, snapshot: string): { root: string; manifest: Manifest } {
  for (let root = folder;; root = dirname(root)) {
    try {
      return { root, manifest: JSON.parse(Deno.readTextFileSync(join(root, snapshot))) };
    } catch (reason) { // one folder up, then
      if (!(reason instanceof Deno.errors.NotFound)) throw reason;
      if (root !== dirname(root)) continue;
      throw new Error(`Expected ${snapshot} in ${folder} or above; build the site first`, { cause: reason });
    }
  }
}
