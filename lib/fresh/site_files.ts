// What a build reads from disk: lists of source files, and the static files with their types and hashes.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { asset } from "./runtime.ts";

const TYPES: Record<string, string> = {
  css: "text/css; charset=UTF-8",
  html: "text/html; charset=UTF-8",
  ico: "image/vnd.microsoft.icon",
  jpg: "image/jpeg",
  js: "text/javascript; charset=UTF-8",
  json: "application/json; charset=UTF-8",
  map: "application/json; charset=UTF-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=UTF-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff2: "font/woff2",
};

/** The content type for a file name, by its extension. */
export function contentType(path: string): string {
  return TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "text/plain; charset=UTF-8";
}

/** Paths of all files below `folder`, relative, with forward slashes, sorted; none where it does not exist. */
export async function listFiles(folder: string, keep: (path: string) => boolean): Promise<string[]> {
  const found: string[] = [];
  const visit = async (below: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(folder, below))) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory) await visit(path);
      else if (keep(path)) found.push(path);
    }
  };
  try {
    await visit("");
  } catch (reason) { // a site may lack the folder
    if (!(reason instanceof Deno.errors.NotFound)) throw reason;
  }
  return found.sort();
}

/** False for dot-files and what lies in dot-folders, but for `.well-known`. */
export function isPublic(path: string): boolean {
  return path.split("/").every((part) => !part.startsWith(".") || part === ".well-known");
}

export function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Marks `url(/…)` in a stylesheet with the build's id, so that fonts are kept for ever. */
export function markUrls(css: string): string {
  return css.replaceAll(
    /url\(\s*(["']?)(\/(?!\/)[^"')\s]+)\1\s*\)/g,
    (_, quote: string, path: string) => `url(${quote}${asset(path)}${quote})`,
  );
}
