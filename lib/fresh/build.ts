// A finished build, as the app sees it, and how it gets into the app.
import { join } from "node:path";
import type { App } from "./app.ts";
import { current } from "./current.ts";
import { readFiles, type SiteFiles } from "./site_files.ts";

export interface Island {
  readonly name: string;
  /** URL path of the browser's module whose default export is the island. */
  readonly chunk: string;
}

export interface RouteModule {
  /** Path below the routes folder, with forward slashes: "api/models.ts". */
  readonly path: string;
  readonly module: Readonly<Record<string, unknown>>;
}

/** What a build writes down for the server. */
export interface Manifest {
  readonly id: string;
  readonly mode: "development" | "production";
  /** URL path of the browser's boot module. */
  readonly client: string;
  readonly islands: readonly Island[];
}

/** The modules that the server imports: routes, and islands in the order of the manifest. */
export interface Modules {
  readonly routes: readonly RouteModule[];
  readonly islands: readonly Readonly<Record<string, unknown>>[];
}

export interface Build extends Omit<Manifest, "islands"> {
  readonly routes: readonly RouteModule[];
  /** Component -> island. */
  readonly islands: ReadonlyMap<unknown, Island>;
  readonly files: SiteFiles;
}

/** Where an app and its contexts keep the build. */
export const BUILD: unique symbol = Symbol("fresh build");

export const EMPTY_BUILD: Build = {
  ...{ id: "", mode: "production", client: "" },
  ...{ routes: [], islands: new Map(), files: new Map() },
};

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
