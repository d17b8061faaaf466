// How a finished build gets into the app.
import { join } from "node:path";
import type { App } from "./app.ts";
import { BUILD, type Island, type IslandTable, type Manifest, type Modules } from "./build.ts";
import { current } from "./current.ts";
import { readFiles, type SiteFiles } from "./site_files.ts";

/** Makes `app` serve a build; `app.handler()` has to be asked for afterwards. Throws an Error where a module in
 * `islands/` exports a function besides its default, which Fresh would take for another island; where they are read
 * later the first page does. */
export function installBuild<S>(
  app: App<S>,
  manifest: Manifest,
  { routes, islands }: Modules,
  files: SiteFiles,
): void {
  const known = typeof islands === "function" ? null : tableOf(manifest.islands, islands);
  const table = async () => known ?? tableOf(manifest.islands, await (islands as () => Promise<Loaded>)());
  app[BUILD] = { ...manifest, routes, islands: table, files };
  current.buildId = manifest.id;
}

type Loaded = Exclude<Modules["islands"], () => unknown>;

function tableOf(islands: readonly Island[], modules: Loaded): IslandTable {
  return new Map(islands.map((island, i) => {
    const { default: component, ...others } = modules[i]!;
    if (
      typeof component === "function" && Object.values(others).every((other) => typeof other !== "function")
    ) {
      return [component, island] as const;
    }
    throw new Error(`Expected the island ${island.name} to export one function, as its default`);
  }));
}

/** Reads the modules of a build that nobody has asked for yet, one after the other: a request between them is not held
 * up. One that cannot be read leaves the others as they are; what is wrong with it the first request to it says. */
export async function readModules({ routes, islands }: Modules): Promise<void> {
  for (const read of [islands, ...routes.map(({ module }) => module)]) {
    if (typeof read === "function") await read().catch(() => {});
  }
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
