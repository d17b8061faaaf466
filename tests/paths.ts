// File URLs and paths for tests that ask Deno about modules.
import { fileURLToPath } from "node:url";

export function fromFileUrl(url: URL | string): string {
  return fileURLToPath(url);
}

export function toFileUrl(url: URL | string): string {
  return String(url);
}

/** The path of `specifier` below `root`, with "/". */
export function relative(root: URL, specifier: string): string {
  return specifier.startsWith(root.href) ? decodeURI(specifier.slice(root.href.length)) : specifier;
}
