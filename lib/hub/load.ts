// From a model's name to a folder that can be opened: a local folder, the cache, or the hub, in this order.
import { fault } from "../fault.ts";
import type { LoadProgress, ModelFolder } from "./folder/types.ts";
import { type CacheCriteria, findCached } from "./cache/find.ts";
import type { FileCriteria } from "./folder/choose.ts";
import { readModelFolder } from "./folder/folder.ts";
import { checkMemory, estimateMemory } from "./folder/memory.ts";
import { alternativesOf } from "./fetch/find.ts";
import { pullModel } from "./fetch/pull.ts";
import { findOrFetch } from "./find_or_fetch.ts";
import { type ModelRoots, resolveModel } from "./resolve.ts";
import type { HubSettings } from "./fetch/settings.ts";

/** How to find and choose. `device`, `variant`, `memory`: see FileCriteria. */
interface FindOptions extends FileCriteria {
  readonly roots: ModelRoots;
  readonly hub: HubSettings;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** A model whose files are here, whole and checked; `notice` says what the user should know about them. */
export interface FoundModel {
  readonly model: ModelFolder;
  readonly notice: string | null;
}

/** Finds the model `name` (`owner/name[@revision]`, a bundled id, a folder below a root) and fetches what is missing.
 * The cache is used without asking the hub, unless only the hub knows whether it holds all that belongs to the model.
 * Throws invalid_request for a malformed name or variant, model_failed with a sentence for everything else; rejects
 * with the signal's reason and leaves what can be resumed. */
export async function findModel(name: string, options: FindOptions): Promise<FoundModel> {
  const { roots, hub, device, variant = null, memory = null, signal, onProgress } = options;
  const criteria = { device, variant, memory };
  signal.throwIfAborted();
  onProgress({ phase: "resolving", file: null, received: 0, total: 0, bytesPerSecond: 0 });
  const place = await resolveModel(name, roots);
  if (place.kind === "folder") {
    const model = await readModelFolder(place.folder, { ...criteria, id: place.id, root: place.root });
    return checkFits({ model, notice: null }, criteria);
  }
  const findInCache = async (unsure: boolean): Promise<FoundModel | null> => {
    const cached = await findCachedAny(hub.cacheFolder, place.id, place.revision, { variant, unsure });
    if (cached === null) return null;
    const model = await readModelFolder(cached.folder, { ...criteria, id: name, skipIncomplete: true });
    return checkFits({ model, notice: cached.notice }, criteria);
  };
  const fetchModel = async (): Promise<FoundModel> => {
    if (hub.offline) await refuseOtherVariant(name, place, variant, hub.cacheFolder);
    const pulled = await pullModel(place.id, place.revision, criteria, hub, { signal, onProgress });
    const variantThere = pulled.file.quantization;
    const model = await readModelFolder(pulled.folder, { ...criteria, variant: variantThere, id: name });
    return checkFits({ model, notice: pulled.notice }, criteria);
  };
  return await findOrFetch(findInCache, fetchModel, hub, signal);
}

/** Throws model_failed where only the requested file keeps the cache from serving the model. */
async function refuseOtherVariant(
  name: string,
  { id, revision }: { readonly id: string; readonly revision: string | null },
  variant: string | null,
  cacheFolder: string,
): Promise<void> {
  if (await findCachedAny(cacheFolder, id, revision, { unsure: true }) === null) return;
  const sentence =
    `${name} is in the cache, but not as ${variant}, and HF_HUB_OFFLINE forbids to fetch that.`;
  throw fault("model_failed", `${sentence} Load it without a dtype.`, "dtype");
}

/** The snapshot of `id`, or at revision main of an alternative, that the cache can serve; one that is whole for sure
 * before one that may not be. */
export async function findCachedAny(
  cacheFolder: string,
  id: string,
  revision: string | null,
  criteria: CacheCriteria,
): Promise<{ readonly id: string; readonly folder: string; readonly notice: string | null } | null> {
  const candidates = [id, ...alternativesOf(id, revision)];
  for (const unsure of criteria.unsure === true ? [false, true] : [false]) {
    for (const candidate of candidates) {
      const folder = await findCached(cacheFolder, candidate, revision, { ...criteria, unsure });
      if (folder === null) continue;
      const notice = candidate === id ? null : `${id} has no ONNX files; those of ${candidate} are used.`;
      return { id: candidate, folder, notice };
    }
  }
  return null;
}

/** The same, if it fits the memory. Throws model_failed. */
function checkFits(found: FoundModel, criteria: FileCriteria): FoundModel {
  const { id, file, config } = found.model;
  checkMemory(id, file, estimateMemory(file, config, criteria.device), criteria.memory ?? null);
  return found;
}
