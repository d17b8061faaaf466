// `fresh/runtime`: what pages, components and islands may import. Safe to bundle for browsers.
import { current } from "./current.ts";

export const ASSET_KEY = "__frsh_c";

/** True where a document exists: in the browser, not while the server renders. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

/** The path of a static file, marked with the build's id so that browsers may keep it for ever. */
export function asset(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) return path;
  const url = new URL(path, "http://localhost");
  url.searchParams.set(ASSET_KEY, IS_BROWSER ? readBuildId() : current.buildId);
  return url.pathname + url.search + url.hash;
}

/** In the browser this module is part of a chunk under `/_fresh/js/<build id>/`. */
function readBuildId(): string {
  return /\/_fresh\/js\/([^/]+)\//.exec(import.meta.url)?.[1] ?? "";
}
