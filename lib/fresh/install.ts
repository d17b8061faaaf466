// How a finished build gets into the app.
import { join } from "node:path";
import type { App } from "./app.ts";
import { BUILD, type Manifest, type Modules } from "./build.ts";
import { current } from "./current.ts";
import { readFiles, type SiteFiles } from "./site_files.ts";

/** Makes `app` serve a build; `app.handler()` has to be asked for afterwards. Throws an Error where a module in
 * `islands/` exports a function besides its default, which Fresh would take for another island. */
export function installBuild<S>(app: App<S>, manifest: Manifest, modules: Modules, files: SiteFiles): void {
  const islands = manifest.islands.map((island, i) => {
    const { default: component, ...others } = modules.islands[i]!;
    if (
      typeof component === "function" && Object.values(others).every((other) => typeof other !== "function")
    ) {
      return [component, island] as const;
    }
    throw new Error(`Expected the island ${island.name} to export one function, as its default`);
  });
  app[BUILD] = { ...manifest, routes: modules.routes, islands: new Map(islands), files };
  current.buildId = manifest.id;
}

/** As `installBuild`, with the files that a build to disk has left in `folder`. */
export async function installFromDisk<S>(
  app: App<S>,
  folder: string,
  manifest: Manifest,
  modules: Modules,
): Promise<void> {
  installBuild(app, manifest, modules, await readFiles(join(folder, "static")));
}
