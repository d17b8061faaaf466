// `fresh/dev`: the Builder. It finds islands, routes and static files, bundles the islands, and puts the result
// into an app (memory) or into a folder from which `server.js` does so (disk).
import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "./app.ts";
import type { Manifest, Modules } from "./build.ts";
import { bundleIslands } from "./bundle.ts";
import { type Sources, writeBuild } from "./disk.ts";
import { installBuild } from "./install.ts";
import { ASSET_KEY } from "./runtime.ts";
import { listModules, readFiles, type SiteFiles } from "./site_files.ts";

interface BuildOptions {
  /** The folder with `routes/`, `islands/`, `static/` and `main.ts`, which exports `app`. Default: where Deno runs. */
  readonly root?: string;
  /** Where a build to disk goes, from the root. Default: `_fresh`. */
  readonly outDir?: string;
  /** The module that exports `app`, from the root. Default: `main.ts`. */
  readonly serverEntry?: string;
}

interface Made {
  readonly manifest: Manifest;
  readonly sources: Sources;
  readonly files: SiteFiles;
}

export class Builder<S> {
  readonly #root: string;
  readonly #outDir: string;
  readonly #serverEntry: string;

  constructor({ root = ".", outDir = "_fresh", serverEntry = "main.ts" }: BuildOptions = {}) {
    this.#root = resolve(root);
    this.#outDir = resolve(this.#root, outDir);
    this.#serverEntry = resolve(this.#root, serverEntry);
  }

  /** Builds to "disk" (the default), into `outDir`, whose `server.js` then gives the build to the app; or to
   * "memory", for the function that comes back: it gives the build to an app of this process. */
  async build(
    { mode = "production", snapshot = "disk" }: { mode?: Manifest["mode"]; snapshot?: "disk" | "memory" } =
      {},
  ): Promise<(app: App<S>) => void> {
    const { manifest, sources, files } = await this.#make(mode);
    if (snapshot === "memory") {
      const modules = await importModules(sources);
      return (app) => installBuild(app, manifest, modules, files);
    }
    await writeBuild(this.#outDir, manifest, sources, files);
    return () => {
      throw new Error(`This build lies in ${this.#outDir}: import its server.js, or build to memory`);
    };
  }

  /** Serves a development build of the app. `deno run --watch` starts it again after a change. */
  async listen(
    importApp: () => Promise<{ app: App<S> }>,
    options: Partial<Deno.ServeTcpOptions> = {},
  ): Promise<void> {
    const { app } = await importApp();
    const install = await this.build({ mode: "development", snapshot: "memory" });
    install(app);
    Deno.serve(options, app.handler());
  }

  async #make(mode: Manifest["mode"]): Promise<Made> {
    const [islandDir, routeDir] = [join(this.#root, "islands"), join(this.#root, "routes")];
    const islandFiles = (await listModules(islandDir)).map((path) => join(islandDir, path));
    const sources = {
      serverEntry: this.#serverEntry,
      ...{ routeDir, routes: await listModules(routeDir), islands: islandFiles },
    };
    const bundle = await bundleIslands(
      islandFiles,
      mode === "production" ? join(this.#outDir, "parts") : null,
    );
    const statics = await readFiles(join(this.#root, "static"));
    const id = idOf(bundle.files, statics);
    const prefix = `/_fresh/js/${id}`;
    const islands = islandFiles.map((file, i) => {
      return {
        name: basename(file).replace(/\..*$/, "").replaceAll(/\W/g, "_"),
        chunk: prefix + bundle.islands[i],
      };
    });
    const files = new Map([...statics].map(([path, bytes]) => [path, markUrls(path, bytes, id)]));
    for (const [path, bytes] of bundle.files) files.set(prefix + path, bytes);
    return { manifest: { id, mode, client: prefix + bundle.client, islands }, sources, files };
  }
}

async function importModules({ routeDir, routes, islands }: Sources): Promise<Modules> {
  const load = (file: string): Promise<Record<string, unknown>> => import(pathToFileURL(file).href);
  return {
    routes: await Promise.all(
      routes.map(async (path) => ({ path, module: await load(join(routeDir, path)) })),
    ),
    islands: await Promise.all(islands.map(load)),
  };
}

/** The build's id: another one whenever a served file changes. */
function idOf(...groups: readonly SiteFiles[]): string {
  const hash = createHash("sha256");
  for (const files of groups) for (const [path, bytes] of files) hash.update(path).update(bytes);
  return hash.digest("hex").slice(0, 16);
}

/** Marks `url(/…)` in a stylesheet with the build's id, so that browsers keep its fonts for ever. */
function markUrls(path: string, bytes: Uint8Array<ArrayBuffer>, id: string): Uint8Array<ArrayBuffer> {
  if (!path.endsWith(".css")) return bytes;
  const css = new TextDecoder().decode(bytes);
  const urls = /url\(\s*(["']?)(\/(?!\/)[^"')\s]+)\1\s*\)/g;
  return new TextEncoder().encode(css.replaceAll(urls, `url("$2?${ASSET_KEY}=${id}")`));
}
