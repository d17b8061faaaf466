// From a model's name to where it is: a bundled folder, a folder below an allowed root, or the hub. Nothing
// outside the roots is looked at, not even to see whether it exists.
import { basename, join, resolve } from "node:path";
import { fault } from "../fault.ts";
import { isBelow, isFolder, listFolder } from "./folder/listing.ts";
import { isCleanPath, isNamePart, parseHubId, refuseName } from "./folder/names.ts";

/** Where local models may be. Absolute folders. */
export interface ModelRoots {
  readonly bundled: string;
  /** NEXTTOKEN_MODELS_DIR. */
  readonly modelsDir: string | null;
  /** The folder that NEXTTOKEN_MODEL names, where it names one. */
  readonly own: string | null;
  /** NEXTTOKEN_MODEL as it was written, so that a relative path means `own`. */
  readonly ownName: string | null;
}

/** Where a model is. `root`: no link below the folder may lead out of it. */
export type Resolved =
  | { readonly kind: "folder"; readonly id: string; readonly folder: string; readonly root: string }
  | { readonly kind: "hub"; readonly id: string; readonly revision: string | null };

/** The roots for a configuration. `model` is NEXTTOKEN_MODEL, never a name from a request: it counts as a folder
 * where it is an absolute path or begins with ".", and such a folder becomes a root. Relative ones start at `cwd`. */
export function createModelRoots(
  bundled: string,
  options: { readonly modelsDir?: string | null; readonly model?: string | null; readonly cwd?: string } = {},
): ModelRoots {
  const cwd = options.cwd ?? ".";
  const model = options.model != null && isPathLike(options.model) ? options.model : null;
  return {
    bundled: resolve(cwd, bundled),
    modelsDir: options.modelsDir ? resolve(cwd, options.modelsDir) : null,
    own: model === null ? null : resolve(cwd, model),
    ownName: model,
  };
}

/** Whether a configured model name means a folder: an absolute path or one that begins with "." */
function isPathLike(name: string): boolean {
  return /^(\.{0,2}[\\/]|\.{1,2}$|[A-Za-z]:[\\/])/.test(name);
}

/** Where the model `name` is: bundled first, then NEXTTOKEN_MODELS_DIR, else the hub. Absolute paths must lie
 * below a root; the folder of NEXTTOKEN_MODEL also goes by its own name, which is the id of its model. Throws
 * invalid_request for a malformed name, a path outside the roots and a link out of them, model_failed for a folder
 * that is not there. */
export async function resolveModel(name: string, roots: ModelRoots): Promise<Resolved> {
  if (roots.own !== null && name === roots.ownName) return await resolvePath(roots.own, roots);
  if (isCleanPath(name)) return await resolvePath(name, roots);
  const hub = parseHubId(name);
  if (hub === null && !isNamePart(name)) refuseName(name);
  if (hub?.revision == null) {
    for (const root of [roots.bundled, roots.modelsDir]) {
      if (root === null) continue;
      const folder = join(root, ...name.split("/"));
      if (await isFolder(folder)) return await placeInside(name, folder, root);
    }
  }
  if (hub !== null) return { kind: "hub", ...hub };
  if (roots.own !== null && name === basename(roots.own)) return await resolvePath(roots.own, roots);
  throw fault(
    "invalid_request",
    `There is no local model ${name}. Models of the hub are called owner/name.`,
    "model_id",
  );
}

async function resolvePath(path: string, roots: ModelRoots): Promise<Resolved> {
  const allowed = [roots.bundled, roots.modelsDir, roots.own].filter((root) => root !== null);
  const root = allowed.find((candidate) => isBelow(path, candidate));
  if (root === undefined) {
    throw fault(
      "invalid_request",
      "That folder is not below an allowed root: put models below NEXTTOKEN_MODELS_DIR.",
      "model_id",
    );
  }
  if (!await isFolder(path)) throw fault("model_failed", `There is no model folder ${path}.`, "model_id");
  const links = path === root ? linkRoot(root) : root;
  const relative = path.slice(root.length).split(/[\\/]/).filter((part) => part !== "");
  return await placeInside(relative.length === 0 ? basename(path) : relative.join("/"), path, links);
}

async function placeInside(id: string, folder: string, root: string): Promise<Resolved> {
  const real = await Deno.realPath(folder);
  const realRoot = await Deno.realPath(root);
  if (!isBelow(real, realRoot)) {
    throw fault("invalid_request", `${id} is a link that leads out of the models folder.`, "model_id");
  }
  await listFolder(folder, id, root); // neither may a link in it
  return { kind: "folder", id, folder, root };
}

/** Where links in the model folder `root` may lead: a snapshot of the hub's cache, or a folder in one, keeps its files
 * in blobs beside the snapshots, or in those that the cache's repositories share. */
function linkRoot(root: string): string {
  return /^(.*)[\\/]models--[^\\/]+[\\/]snapshots[\\/][0-9a-f]{40}(?:[\\/].*)?$/.exec(root)?.[1] ?? root;
}
