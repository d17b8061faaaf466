// Where the ONNX Runtime library that onnxruntime-node ships lies. The addon links against the same file, so that
// both runners share one copy of it in one process.
import { pathOfUrl } from "../basics/path_of_url.ts";

const NAMES: Readonly<Record<string, string>> = {
  linux: "libonnxruntime.so.1",
  darwin: "libonnxruntime.1.dylib",
  windows: "onnxruntime.dll",
};
const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin", windows: "win32" };
const PROCESSORS: Readonly<Record<string, string>> = { x86_64: "x64", aarch64: "arm64" };

/** The library's path inside the package, or null for a system the package has no build for. */
export function libraryPathOf(os: string, arch: string): string | null {
  const name = NAMES[os], system = SYSTEMS[os], processor = PROCESSORS[arch];
  if (name === undefined || system === undefined || processor === undefined) return null;
  return `bin/napi-v6/${system}/${processor}/${name}`;
}

/** The path of ONNX Runtime's shared library for this machine.
 *
 * First the package that an import would load, then `node_modules` below `root` (a compiled program may not be able
 * to resolve). Throws an Error whose sentence says where it looked.
 */
export function findLibrary(root: string): string {
  const within = libraryPathOf(Deno.build.os, Deno.build.arch);
  if (within === null) {
    throw new Error(`onnxruntime-node ships no library for ${Deno.build.os} on ${Deno.build.arch}`);
  }
  const folders = [resolvePackage(), new URL("node_modules/onnxruntime-node/", folderUrlOf(root))];
  const candidates = folders.flatMap((folder) => folder === null ? [] : [new URL(within, folder)]);
  for (const candidate of candidates) {
    if (isFile(candidate)) return pathOfUrl(candidate);
  }
  throw new Error(`ONNX Runtime's library is not at ${candidates.map(pathOfUrl).join(" nor at ")}`);
}

/** The package's folder, or null where resolution gives no file (no node_modules folder, compiled programs). */
function resolvePackage(): URL | null {
  try {
    const entry = import.meta.resolve("onnxruntime-node"); // <package>/dist/index.js
    return entry.startsWith("file:") ? new URL("../", entry) : null;
  } catch {
    return null; // the folder below `root` is the second try
  }
}

function folderUrlOf(path: string): URL {
  const slashes = path.replaceAll("\\", "/").replaceAll("%", "%25").replace(/\/*$/, "/");
  const url = new URL("file:///");
  url.pathname = slashes.startsWith("/") ? slashes : `/${slashes}`; // the setter escapes what else a URL may not hold
  return url;
}

function isFile(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
