// Bundling the islands for browsers: one entry for each island file and one for the boot code, shared chunks.
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";

export interface Bundle {
  /** Chunk path from the bundle's root ("islands/Explorer.js") -> its bytes. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** The chunk of each entry, in the order given; the boot code's is `client`. */
  entries: string[];
  client: string;
  /** Chunk path -> paths of all chunks that it imports statically, near and far. */
  preloads: Record<string, string[]>;
}

/** Bundles `islandFiles` (absolute paths). Throws an Error that says what could not be built, with file and line. */
export async function bundleIslands(islandFiles: readonly string[], minify: boolean): Promise<Bundle> {
  const bootFile = fileURLToPath(new URL("./client.ts", import.meta.url));
  const result = await Deno.bundle({
    entrypoints: [bootFile, ...islandFiles],
    platform: "browser",
    format: "esm",
    codeSplitting: true,
    minify,
    ...(minify ? {} : { sourcemap: "linked" }), // for development: a map names this machine's folders
    outputDir: "/",
    write: false,
  });
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path, contents } of result.outputFiles ?? []) {
    files.set(path.replaceAll("\\", "/").replace(/^.*?\//, ""), contents as Uint8Array<ArrayBuffer>);
  }
  if (!result.success) throw new Error(`The islands do not build: ${result.errors.map(describe).join("; ")}`);
  const chunks = [...files.keys()].filter((path) => path.endsWith(".js"));
  const [client = "", ...entries] = [bootFile, ...islandFiles].map((file) => outputOf(file, chunks));
  return { files, entries, client, preloads: staticImports(chunks, files) };
}

function describe({ text, location }: Deno.bundle.Message): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}

/** Outputs keep an entry's path below the entries' common folder: the longest one that fits is it. */
function outputOf(file: string, chunks: readonly string[]): string {
  const stem = file.replaceAll("\\", "/").replace(/\.[^./]+$/, "");
  const fitting = chunks.filter((chunk) => `/${stem}`.endsWith(`/${chunk.replace(/\.js$/, "")}`));
  const chunk = fitting.sort((a, b) => b.length - a.length)[0];
  if (chunk === undefined) throw new Error(`Expected the bundle to hold a chunk for ${file}`);
  return chunk;
}

function staticImports(chunks: readonly string[], files: Bundle["files"]): Record<string, string[]> {
  const decoder = new TextDecoder();
  const direct = new Map(chunks.map((chunk) => {
    const source = decoder.decode(files.get(chunk));
    // `import("…")` has a parenthesis and is left out: that chunk loads when it is wanted.
    const paths = [...source.matchAll(/(?:\bfrom|\bimport)\s*"(\.{1,2}\/[^"]+\.js)"/g)].map((match) =>
      match[1]!
    );
    return [chunk, paths.map((path) => join(dirname(chunk), path))];
  }));
  const closure = (chunk: string, found = new Set<string>()): string[] => {
    for (const next of direct.get(chunk) ?? []) if (!found.has(next)) closure(next, found.add(next));
    return [...found];
  };
  return Object.fromEntries(chunks.map((chunk) => [chunk, closure(chunk)]));
}
