// Writing a build to its folder: the served files, and the `server.js` that puts them together with the modules.
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "./build.ts";
import type { SiteFiles } from "./site_files.ts";

export interface Sources {
  /** The module that exports `app`. Absolute, as all paths here. */
  readonly serverEntry: string;
  readonly routeDir: string;
  /** Relative to `routeDir`. */
  readonly routes: readonly string[];
  readonly islands: readonly string[];
}

/** Replaces what an earlier build left in `outDir`. */
export async function writeBuild(
  outDir: string,
  manifest: Manifest,
  sources: Sources,
  files: SiteFiles,
): Promise<void> {
  const served = join(outDir, "static");
  await Deno.mkdir(served, { recursive: true });
  await Deno.remove(served, { recursive: true });
  for (const [path, bytes] of files) {
    await Deno.mkdir(dirname(join(served, path)), { recursive: true });
    await Deno.writeFile(join(served, path), bytes);
  }
  await Deno.writeTextFile(join(outDir, "server.js"), writeServerModule(outDir, manifest, sources));
}

/** All imports are literal, so that `deno compile` finds every module. Those of routes and islands wait for a request:
 * a start has enough to read. `readRest` reads the rest of them. */
function writeServerModule(outDir: string, manifest: Manifest, sources: Sources): string {
  const { serverEntry, routeDir, routes, islands } = sources;
  const from = (file: string) => {
    const path = relative(outDir, file).replaceAll("\\", "/");
    return JSON.stringify(path.startsWith(".") ? path : `./${path}`);
  };
  const routeList = routes.map((path) =>
    `{ path: ${JSON.stringify(path)}, module: () => import(${from(join(routeDir, path))}) },`
  );
  return `// Written by the Builder: do not edit.
import { installFromDisk, readModules } from ${from(fileURLToPath(new URL("./install.ts", import.meta.url)))};
import { app } from ${from(serverEntry)};

const modules = {
  routes: [
    ${routeList.join("\n    ")}
  ],
  islands: () => Promise.all([${islands.map((file) => `import(${from(file)})`).join(", ")}]),
};
await installFromDisk(app, import.meta.dirname, ${JSON.stringify(manifest)}, modules);

export default { fetch: app.handler(), readRest: () => readModules(modules) };
`;
}
