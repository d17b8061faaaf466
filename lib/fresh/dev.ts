// `fresh/dev`: the Builder. It finds islands, routes and static files, bundles the islands, and puts the result
// into an app (memory) or into a folder from which `server.js` does so (disk).
import { basename, isAbsolute, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { App, ListenOptions } from "./app.ts";
import { type Build, createBuild, installBuild, type Manifest, type RouteModule } from "./build.ts";
import { type Bundle, bundleIslands } from "./bundle.ts";
import { current } from "./current.ts";
import { writeBuild } from "./disk.ts";
import { contentType, isPublic, listFiles, markUrls, sha256 } from "./site_files.ts";

export interface BuildOptions {
  root?: string;
  outDir?: string;
  staticDir?: string;
  islandDir?: string;
  routeDir?: string;
  /** The module that exports `app`; the built server imports it. */
  serverEntry?: string;
}

type Mode = "development" | "production";
type Contents = Map<string, Uint8Array<ArrayBuffer>>;

/** What a build has found and made, before it goes to memory or disk. */
export interface Outcome {
  manifest: Manifest;
  contents: Contents;
  /** Absolute paths. */
  islandFiles: string[];
  /** Relative to `routeDir`. */
  routeFiles: string[];
}

export class Builder<S = unknown> {
  readonly config: Required<BuildOptions>;

  constructor(options: BuildOptions = {}) {
    const path = (given: string, base: string) => {
      const plain = given.startsWith("file:") ? fileURLToPath(given) : given;
      return isAbsolute(plain) ? plain : join(base, plain);
    };
    const root = path(options.root ?? ".", Deno.cwd());
    this.config = {
      root,
      outDir: path(options.outDir ?? "_fresh", root),
      staticDir: path(options.staticDir ?? "static", root),
      islandDir: path(options.islandDir ?? "islands", root),
      routeDir: path(options.routeDir ?? "routes", root),
      serverEntry: path(options.serverEntry ?? "main.ts", root),
    };
  }

  /**
   * Builds the site: to "disk" (the default), into `outDir`, whose `server.js` then serves it, or to "memory", for
   * the function that comes back: it installs the build into an app of this process.
   */
  async build(
    options: { mode?: Mode; snapshot?: "disk" | "memory" } = {},
  ): Promise<(app: App<S>) => void> {
    const mode = options.mode ?? "production";
    const outcome = await this.#make(mode);
    if (options.snapshot === "memory") {
      const build = await this.#load(mode, outcome);
      return (app) => installBuild(app, { ...build, mode: app.config.mode });
    }
    await writeBuild(this.config, outcome);
    return () => {
      throw new Error(`This build lies in ${this.config.outDir}: run its server.js, or build to memory`);
    };
  }

  /**
   * Serves a development build of the app. Islands and static files are built again when a page is asked for
   * after a change; server code is new when the process restarts (`deno run --watch`).
   */
  async listen(importApp: () => Promise<{ app: App<S> } | App<S>>, options?: ListenOptions): Promise<void> {
    const imported = await importApp();
    const app = "app" in imported ? imported.app : imported;
    let stamp = await this.#stamp();
    const build = await this.#load("development", await this.#make("development"));
    installBuild(app, build);
    app.config.mode = "development";
    const serve = app.handler();
    app.handler = () => async (req, info) => {
      const now = req.headers.get("accept")?.includes("text/html") ? await this.#stamp() : stamp;
      if (now !== stamp) {
        stamp = now;
        Object.assign(build, await this.#load("development", await this.#make("development")));
        installBuild(app, build);
      }
      return await serve(req, info);
    };
    await app.listen(options);
  }

  async #make(mode: Mode): Promise<Outcome> {
    const { islandDir, routeDir } = this.config;
    const isModule = (path: string) => /\.[tj]sx?$/.test(path) && !/[._]test\.[tj]sx?$/.test(path);
    const islandFiles = (await listFiles(islandDir, isModule)).map((path) => join(islandDir, path));
    const routeFiles = await listFiles(routeDir, isModule);
    const bundle = await bundleIslands(islandFiles, mode === "production");
    const statics = await this.#readStatics();
    const id = sha256(...[...bundle.files, ...statics].flat()).slice(0, 16);
    current.buildId = id;
    return { ...collect(id, bundle, statics, islandFiles), islandFiles, routeFiles };
  }

  async #readStatics(): Promise<Contents> {
    const { staticDir } = this.config;
    const paths = await listFiles(staticDir, isPublic);
    return new Map(
      await Promise.all(
        paths.map(async (path) => [`/${path}`, await Deno.readFile(join(staticDir, path))] as const),
      ),
    );
  }

  async #load(mode: Mode, { manifest, contents, islandFiles, routeFiles }: Outcome): Promise<Build> {
    const load = (file: string): Promise<Record<string, unknown>> => import(pathToFileURL(file).href);
    const routes: RouteModule[] = await Promise.all(
      routeFiles.map(async (path) => ({ path, module: await load(join(this.config.routeDir, path)) })),
    );
    const islands = await Promise.all(islandFiles.map(load));
    return createBuild(this.config.root, mode, manifest, { routes, islands }, contents);
  }

  /** Changes whenever a source file or static file below the root does. */
  async #stamp(): Promise<string> {
    const { root, outDir, staticDir } = this.config;
    const skipped = [relative(root, outDir), "node_modules", "models", "tests", ".git"];
    const times: number[] = [];
    for (const top of await Array.fromAsync(Deno.readDir(root))) {
      if (!top.isDirectory || skipped.includes(top.name)) continue;
      const files = await listFiles(join(root, top.name), isPublic);
      const stats = await Promise.all(files.map((path) => Deno.stat(join(root, top.name, path))));
      times.push(files.length, ...stats.map(({ mtime }) => mtime?.getTime() ?? 0));
    }
    return `${staticDir}:${times.join()}`;
  }
}

/** The manifest and bytes of everything that is served by URL path. */
function collect(
  id: string,
  bundle: Bundle,
  statics: Contents,
  islandFiles: readonly string[],
): Pick<Outcome, "manifest" | "contents"> {
  const prefix = `/_fresh/js/${id}/`;
  const contents: Contents = new Map();
  for (const [path, bytes] of statics) {
    const css = path.endsWith(".css") ? markUrls(new TextDecoder().decode(bytes)) : null;
    contents.set(path, css === null ? bytes : new TextEncoder().encode(css));
  }
  for (const [path, bytes] of bundle.files) contents.set(prefix + path, bytes);
  const assets = Object.fromEntries(
    [...contents].map(([path, bytes]) => [
      path,
      { type: contentType(path), hash: sha256(bytes), size: bytes.byteLength },
    ]),
  );
  const islands = islandFiles.map((file, i) => ({
    name: islandName(file),
    chunk: prefix + bundle.entries[i],
  }));
  const preloads = Object.fromEntries(
    Object.entries(bundle.preloads).map((
      [chunk, others],
    ) => [prefix + chunk, others.map((path) => prefix + path)]),
  );
  return { manifest: { id, client: prefix + bundle.client, islands, preloads, assets }, contents };
}

function islandName(file: string): string {
  return basename(file).replace(/\.[^.]+$/, "").replaceAll(/\W/g, "_");
}
