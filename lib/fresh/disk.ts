// Writing a build to its folder: the served files, `snapshot.json`, and the `server.js` that puts them together.
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./dev.ts";
import type { AssetEntry } from "./build.ts";

interface Folders {
  root: string;
  outDir: string;
  routeDir: string;
  serverEntry: string;
}

/** Replaces what an earlier build left in `outDir`. */
export async function writeBuild(folders: Folders, { manifest, contents, ...files }: Outcome): Promise<void> {
  const { root, outDir, routeDir, serverEntry } = folders;
  const served = join(outDir, "static");
  await Deno.mkdir(outDir, { recursive: true });
  if (await exists(served)) await Deno.remove(served, { recursive: true });
  const assets: Record<string, AssetEntry> = {};
  for (const [path, bytes] of contents) {
    const target = join(served, path);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeFile(target, bytes);
    assets[path] = { ...manifest.assets[path]!, file: slashes(relative(root, target)) };
  }
  const snapshot = JSON.stringify({ ...manifest, assets }, null, 1);
  await Deno.writeTextFile(join(outDir, "snapshot.json"), snapshot);
  const specifier = (file: string) => {
    const path = slashes(relative(outDir, file));
    return JSON.stringify(path.startsWith(".") ? path : `./${path}`);
  };
  const routes = files.routeFiles.map((path) => ({ path, from: specifier(join(routeDir, path)) }));
  const server = serverModule({
    app: specifier(serverEntry),
    production: specifier(fileURLToPath(new URL("./production.ts", import.meta.url))),
    snapshot: JSON.stringify(slashes(relative(root, join(outDir, "snapshot.json")))),
    routes,
    islands: files.islandFiles.map(specifier),
  });
  await Deno.writeTextFile(join(outDir, "server.js"), server);
}

/** All imports are static and literal, so that `deno compile` finds every module. */
function serverModule(parts: {
  app: string;
  production: string;
  snapshot: string;
  routes: { path: string; from: string }[];
  islands: string[];
}): string {
  const { routes, islands } = parts;
  return `// Written by the Builder: do not edit.
import { installFromDisk } from ${parts.production};
import { app } from ${parts.app};
${routes.map(({ from }, i) => `import * as route${i} from ${from};`).join("\n")}
${islands.map((from, i) => `import * as island${i} from ${from};`).join("\n")}

installFromDisk(app, import.meta.dirname, ${parts.snapshot}, {
  routes: [${routes.map(({ path }, i) => `{ path: ${JSON.stringify(path)}, module: route${i} }`).join(", ")}],
  islands: [${islands.map((_, i) => `island${i}`).join(", ")}],
});

export default { fetch: app.handler() };
`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch { // the answer
    return false;
  }
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
