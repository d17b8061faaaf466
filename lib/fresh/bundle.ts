// Bundling the islands for browsers: one entry for each island file and one for the boot code, shared chunks.
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

/** Bundles `islandFiles` (absolute paths). Throws an Error that says what could not be built, with file and line. */
export async function bundleIslands(islandFiles: readonly string[], minify: boolean): Promise<Bundle> {
  const bootFile = fileURLToPath(new URL("./client.ts", import.meta.url));
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    entrypoints: [bootFile, ...islandFiles],
    platform: "browser",
    format: "esm",
    codeSplitting: true,
    minify,
    ...(minify ? {} : { sourcemap: "linked" }), // for development: a map names this machine's folders
    outputDir: "/",
    write: false,
  });
  if (!success) throw new Error(`The islands do not build: ${errors.map(describe).join("; ")}`);
  const files = new Map(outputFiles.map(({ path, contents }) => {
    return [path.replaceAll("\\", "/").replace(/^.*?\//, "/"), contents as Uint8Array<ArrayBuffer>];
  }));
  const chunkOf = (file: string) => outputOf(file, [...files.keys()]);
  return { files, client: chunkOf(bootFile), islands: islandFiles.map(chunkOf) };
}

function describe({ text, location }: Deno.bundle.Message): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}

/** Outputs keep an entry's path below the entries' common folder: the longest one that fits is it. */
function outputOf(file: string, chunks: readonly string[]): string {
  const wanted = file.replaceAll("\\", "/").replace(/\.[^./]+$/, ".js");
  const fitting = chunks.filter((chunk) => wanted.endsWith(chunk)).sort((a, b) => b.length - a.length);
  if (fitting[0] === undefined) throw new Error(`Expected the bundle to hold a chunk for ${file}`);
  return fitting[0];
}
