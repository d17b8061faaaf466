// Bundling the islands for browsers: one entry for each island file and one for the boot code, shared chunks.
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { SiteFiles } from "./site_files.ts";

interface Bundle {
  /** Chunk path below the entries' common folder ("/islands/Explorer.js") -> its content. */
  readonly files: SiteFiles;
  /** The chunk of the boot code. */
  readonly client: string;
  /** The chunk of each island file, in the order given. */
  readonly islands: string[];
}

/** Bundles `islandFiles` (absolute paths). For production small, in two passes by way of `workDir`, a folder that is
 * gone afterwards; null: for development, with maps. Throws an Error that says what could not be built, with file and
 * line. */
export async function bundleIslands(islandFiles: readonly string[], workDir: string | null): Promise<Bundle> {
  const bootFile = fileURLToPath(new URL("./client.ts", import.meta.url));
  const entries = [bootFile, ...islandFiles];
  const files = workDir === null
    ? await bundle(entries, { sourcemap: "linked" }) // a map names this machine's folders
    : await bundleTogether(entries, workDir);
  const [client, ...islands] = entries.map((file) => chunkOf(file, [...files.keys()]));
  return { files, client: client!, islands };
}

/** A bundler makes one chunk for every set of entries that reach the same modules, so each part that is loaded later
 * cuts the first view into more of them, and small files compress badly. Here every such part imports the islands,
 * which are there before it in any case: then all of the first view is reached by the same set, and is one chunk. */
async function bundleTogether(entries: readonly string[], workDir: string): Promise<SiteFiles> {
  const files = await bundle(entries, {});
  const parts = [...files].map(([path, bytes]) => ({ path, code: new TextDecoder().decode(bytes) }));
  const chunks = entries.map((file) => chunkOf(file, [...files.keys()]));
  const later = new Set(parts.flatMap(({ path, code }) => {
    return [...code.matchAll(LATER)].map(([, to]) => posix.join(dirname(path), to!));
  }));
  try {
    for (const { path, code } of parts) {
      await Deno.mkdir(dirname(workDir + path), { recursive: true });
      await Deno.writeTextFile(
        workDir + path,
        (later.has(path) ? importsOf(chunks.slice(1), path) : "") + code,
      );
    }
    return await bundle(chunks.map((path) => workDir + path), { minify: true });
  } finally {
    await Deno.remove(workDir, { recursive: true });
  }
}

/** A part that is loaded later, as a chunk names it. */
const LATER = /\bimport\("(\.{1,2}\/[^"]+)"\)/g;

/** Lines for the chunk `from` that import `chunks`. */
function importsOf(chunks: readonly string[], from: string): string {
  const paths = chunks.map((chunk) => posix.relative(dirname(from), chunk));
  return paths.map((path) => `import "${path.startsWith(".") ? path : `./${path}`}";\n`).join("");
}

/** Chunks by path below the entries' common folder. */
async function bundle(
  entrypoints: readonly string[],
  options: Partial<Deno.bundle.Options>,
): Promise<SiteFiles> {
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    entrypoints: [...entrypoints],
    platform: "browser",
    format: "esm",
    codeSplitting: true,
    ...options,
    outputDir: "/",
    write: false,
  });
  if (!success) throw new Error(`The islands do not build: ${errors.map(describe).join("; ")}`);
  return new Map(outputFiles.map(({ path, contents }) => {
    const bytes = contents as Uint8Array<ArrayBuffer> | undefined; // undefined: an empty chunk
    return [path.replaceAll("\\", "/").replace(/^.*?\//, "/"), bytes ?? new Uint8Array()];
  }));
}

function describe({ text, location }: Deno.bundle.Message): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}

/** Outputs keep an entry's path below the entries' common folder: the longest one that fits is it. */
function chunkOf(file: string, chunks: readonly string[]): string {
  const wanted = file.replaceAll("\\", "/").replace(/\.[^./]+$/, ".js");
  const fitting = chunks.filter((chunk) => wanted.endsWith(chunk)).sort((a, b) => b.length - a.length);
  if (fitting[0] === undefined) throw new Error(`Expected the bundle to hold a chunk for ${file}`);
  return fitting[0];
}
