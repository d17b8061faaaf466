// A finished build, as the app sees it.
import type { SiteFiles } from "./site_files.ts";

export interface Island {
  readonly name: string;
  /** URL path of the browser's module whose default export is the island. */
  readonly chunk: string;
}

type Module = Readonly<Record<string, unknown>>;

export interface RouteModule {
  /** Path below the routes folder, with forward slashes: "api/models.ts". */
  readonly path: string;
  /** A function reads it when it is first asked for. */
  readonly module: Module | (() => Promise<Module>);
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
  /** A function reads them for the first page. */
  readonly islands: readonly Module[] | (() => Promise<readonly Module[]>);
}

/** Islands by their components. */
export type IslandTable = ReadonlyMap<unknown, Island>;

export interface Build extends Omit<Manifest, "islands"> {
  readonly routes: readonly RouteModule[];
  readonly islands: () => Promise<IslandTable>;
  readonly files: SiteFiles;
}

/** Where an app and its contexts keep the build. */
export const BUILD: unique symbol = Symbol("fresh build");

export const EMPTY_BUILD: Build = {
  ...{ id: "", mode: "production", client: "" },
  ...{ routes: [], islands: () => Promise.resolve(new Map()), files: new Map() },
};
