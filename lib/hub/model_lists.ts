// What the page's list of models shows: every model that could be loaded, and every file of one of them.
import { fault, faultOf } from "../fault.ts";
import type { ModelFile, ModelVariant, ModelVariants } from "./folder/types.ts";
import type { AvailableModel } from "../wire/models.ts";
import type { Device } from "../wire/device.ts";
import { listAvailable, listVariants } from "./available.ts";
import { chooseFile } from "./folder/choose.ts";
import { findMissingData } from "./folder/external.ts";
import { listFolder } from "./folder/listing.ts";
import { findCachedAny } from "./load.ts";
import { licenseOf } from "./folder/local.ts";
import { GENAI_CONFIG } from "./folder/genai.ts";
import { readJsonOrNothing, smallFilesOf } from "./folder/small_files.ts";
import { findModelFilesIn } from "./folder/variants.ts";
import { estimateMemory, readAvailableMemory } from "./folder/memory.ts";
import { type ModelRoots, resolveModel } from "./resolve.ts";
import type { HubSettings } from "./fetch/settings.ts";

/** Lists models and files, as `device` would choose among them. */
export interface ModelLists {
  models(device: Device): Promise<readonly AvailableModel[]>;
  /** The files of the model `name`, from where it is, else from the hub. Throws invalid_request for a malformed
   * name, unsupported with the reason where there is nothing to load. */
  variants(name: string, device: Device, signal: AbortSignal): Promise<ModelVariants>;
}

/** For a user who looks at a dialog: an early refusal is better than a list after a minute. */
const DIALOG_LIMITS = { attempts: 2, longestRetryAfter: 2000, idle: 8000 };

type Found = Omit<ModelVariants, "files" | "id"> & {
  readonly files: readonly ModelFile[];
  readonly here: readonly string[]; // paths of files that nothing has to be fetched for
};

/** The models below `roots`, in the cache, and on the hub. */
export function createModelLists(roots: ModelRoots, settings: HubSettings): ModelLists {
  const hub = { ...settings, limits: { ...settings.limits, ...DIALOG_LIMITS } };
  return {
    models: (device) => listAvailable({ roots, hub, device }),
    async variants(name, device, signal) {
      const { files, here, ...about } = await findListed(name, roots, hub, signal).catch((error) => {
        if (faultOf(error)?.code !== "model_failed") throw error;
        throw fault("unsupported", error.message, "id"); // it is not the model in use that failed
      });
      const memory = readAvailableMemory();
      const chosen = files.length === 0 ? null : chooseFile(name, files, { device, memory });
      const described = files.map((file): ModelVariant => ({
        ...{ file: file.path, dtype: file.quantization, bytes: file.bytes, fidelity: file.fidelity },
        cached: here.includes(file.path),
        chosen: file === chosen,
        fits: memory === null || device !== "cpu" ? null : estimateMemory(file, {}, device) <= memory,
      }));
      return { id: name, ...about, files: described };
    },
  };
}

async function findListed(
  name: string,
  roots: ModelRoots,
  hub: HubSettings,
  signal: AbortSignal,
): Promise<Found> {
  const place = await resolveModel(name, roots);
  if (place.kind === "folder") return await findWholeFiles(place.folder, place.id, place.root);
  const cached = await findCachedAny(hub.cacheFolder, place.id, place.revision, { unsure: true });
  const here = cached === null ? null : await findWholeFiles(cached.folder, cached.id);
  if (hub.offline && here !== null) return here;
  try {
    const listed = await listVariants(place.id, place.revision, hub, signal);
    return { ...listed, here: here?.here ?? [] };
  } catch (error) {
    if (here === null || signal.aborted) throw error;
    return here; // the hub is out of reach, the files are not
  }
}

/** The files of a folder or snapshot that are whole. */
async function findWholeFiles(folder: string, id: string, root?: string): Promise<Found> {
  const listing = await listFolder(folder, id, root);
  const small = smallFilesOf(folder, id, listing);
  const whole: ModelFile[] = [];
  for (const file of await findModelFilesIn(listing, () => readJsonOrNothing(small, GENAI_CONFIG))) {
    if (await findMissingData(folder, file) === null) whole.push(file);
  }
  const license = await licenseOf(small);
  return { source: id, license, files: whole, here: whole.map((file) => file.path) };
}
