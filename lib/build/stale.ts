// Whether `_fresh/` still fits its sources: one hash over everything that the bundle and the snapshot are made of.
import { createHash } from "node:crypto";

/** Folders and files whose content may go into a build: the page, and the program that serves it. */
const INPUTS = [
  ...["components", "islands", "lib", "routes", "static", "styles"],
  ...["app.ts", "deno.json", "deno.lock", "dev.ts", "main.ts"],
];

/** Made by the build from the others. */
const BUILT: readonly string[] = ["static/workers", "static/page.css"];

/** A hash over the build's inputs below `root`; `flavour` tells builds of the same files apart. */
export async function hashInputs(root: string, flavour: string): Promise<string> {
  const hash = createHash("sha256").update(flavour);
  for (const input of INPUTS) {
    for (const path of await listFilesAt(root, input)) {
      hash.update(`${path}\0`).update(await Deno.readFile(`${root}/${path}`));
    }
  }
  return hash.digest("hex");
}

/** The hash that the last build left in `outDir`, or null where there is none or it did not finish. */
export async function readHash(outDir: string): Promise<string | null> {
  try {
    await Deno.stat(`${outDir}/server.js`);
    return await Deno.readTextFile(`${outDir}/inputs.sha256`);
  } catch (reason) { // no build yet
    if (reason instanceof Deno.errors.NotFound) return null;
    throw reason;
  }
}

/** Notes that `outDir` now holds the build of these inputs. */
export async function recordHash(outDir: string, hash: string): Promise<void> {
  await Deno.writeTextFile(`${outDir}/inputs.sha256`, hash);
}

/** All files at or below `path`, relative to `root`, sorted; none where nothing is there. */
async function listFilesAt(root: string, path: string): Promise<string[]> {
  const stat = await Deno.stat(`${root}/${path}`).catch(() => null);
  if (stat === null) return [];
  if (stat.isFile) return [path];
  const names = (await Array.fromAsync(Deno.readDir(`${root}/${path}`))).map(({ name }) => name).sort();
  const sources = names.filter((name) => !BUILT.includes(`${path}/${name}`));
  return (await Promise.all(sources.map((name) => listFilesAt(root, `${path}/${name}`)))).flat();
}
