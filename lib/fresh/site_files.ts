// Reading a site's folders.
import { join } from "node:path";

/** URL path -> content. */
export type SiteFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Paths of all files below `folder`, relative, with forward slashes, sorted; none where it does not exist.
 * Dot-files and dot-folders are left out. */
async function listFiles(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
      if (name.startsWith(".")) continue;
      if (isDirectory) found.push(...await listFiles(folder, `${below}${name}/`));
      else found.push(below + name);
    }
  } catch (reason) { // a site may lack the folder
    if (!(reason instanceof Deno.errors.NotFound)) throw reason;
  }
  return found.sort();
}

/** Paths of the script modules below `folder`, tests left out. */
export async function listModules(folder: string): Promise<string[]> {
  const paths = await listFiles(folder);
  return paths.filter((path) => /\.[jt]sx?$/.test(path) && !/[._]test\.[jt]sx?$/.test(path));
}

/** All files below `folder`, by the URL path that they are served at. */
export async function readFiles(folder: string): Promise<SiteFiles> {
  const paths = await listFiles(folder);
  return new Map(
    await Promise.all(
      paths.map(async (path) => [`/${path}`, await Deno.readFile(join(folder, path))] as const),
    ),
  );
}
