// The two typefaces, copied from their npm packages into static/fonts/ so that the page asks no other host for them.
import { fileURLToPath } from "node:url";

const SETS = ["latin", "latin-ext"];

/** Copies the variable fonts (upright, Latin) and their licences; files that are there already stay as they are. */
export async function copyFonts(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const family of ["inter", "jetbrains-mono"]) {
    const source = (path: string) => import.meta.resolve(`@fontsource-variable/${family}/${path}`);
    for (const set of SETS) {
      await copyOnce(source(`files/${family}-${set}-wght-normal.woff2`), `${folder}/${family}-${set}.woff2`);
    }
    await copyOnce(source("LICENSE"), `${folder}/${family}-LICENSE.txt`);
  }
}

async function copyOnce(source: string, target: string): Promise<void> {
  const from = fileURLToPath(source);
  const [wanted, found] = [await sizeOf(from), await sizeOf(target)];
  if (wanted !== found) await Deno.copyFile(from, target);
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).size;
  } catch { // null says that it is missing
    return null;
  }
}
