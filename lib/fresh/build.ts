// A finished build, as the app sees it: route modules, islands and files, on disk or in memory.
import type { ComponentType, FunctionComponent } from "preact";
import { join } from "node:path";
import { current } from "./current.ts";
import type { App } from "./app.ts";

/** A file to serve, found by its URL path. */
export interface AssetEntry {
  /** Path from the root folder; absent for files held in memory. */
  file?: string;
  type: string;
  hash: string;
  size: number;
}

/** What a build writes down for the server (`_fresh/snapshot.json`). */
export interface Manifest {
  id: string;
  /** URL path of the browser's boot module. */
  client: string;
  /** Island modules in the order the server imports them. */
  islands: { name: string; chunk: string }[];
  /** Chunk -> every chunk that it imports statically. */
  preloads: Record<string, string[]>;
  assets: Record<string, AssetEntry>;
}

export interface Island {
  name: string;
  exportName: string;
  chunk: string;
  /** Renders the island between its marker comments; made by render.ts on first use. */
  shell?: FunctionComponent;
}

export interface RouteModule {
  /** Path below the routes folder, with forward slashes: "api/[id].ts". */
  path: string;
  module: Record<string, unknown>;
}

export interface Build {
  root: string;
  mode: "development" | "production";
  manifest: Manifest;
  islands: Map<unknown, Island>;
  routes: RouteModule[];
  open(
    entry: AssetEntry,
    pathname: string,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>>;
}

/** Where an app keeps its build. */
export const BUILD: unique symbol = Symbol("fresh build");

/** A build from its manifest and the modules it names; `contents` holds the files that are not on disk. */
export function createBuild(
  root: string,
  mode: Build["mode"],
  manifest: Manifest,
  modules: { routes: RouteModule[]; islands: Record<string, unknown>[] },
  contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map(),
): Build {
  const islands = new Map<unknown, Island>();
  manifest.islands.forEach(({ name, chunk }, index) => {
    for (const [exportName, value] of Object.entries(modules.islands[index] ?? {})) {
      if (typeof value !== "function") continue;
      const unique = uniqueName(exportName === "default" ? name : exportName, islands);
      islands.set(value as ComponentType, { name: unique, exportName, chunk });
    }
  });
  return {
    root,
    mode,
    manifest,
    islands,
    routes: modules.routes,
    async open(entry, pathname) {
      const bytes = contents.get(pathname);
      if (bytes !== undefined) return bytes;
      return (await Deno.open(join(root, entry.file ?? ""))).readable;
    },
  };
}

/** Makes `app` serve `build`. */
export function installBuild<S>(app: App<S>, build: Build): void {
  app.config.root = build.root;
  app.config.mode = build.mode;
  app[BUILD] = build;
  current.buildId = build.manifest.id;
}

function uniqueName(name: string, islands: Map<unknown, Island>): string {
  const taken = new Set([...islands.values()].map((island) => island.name));
  let candidate = name;
  for (let n = 1; taken.has(candidate); n++) candidate = `${name}_${n}`;
  return candidate;
}
