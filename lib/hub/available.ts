// Every model that could be loaded, as one list: bundled, in NEXTTOKEN_MODELS_DIR, in the cache, in the catalogue.
import { basename, join } from "node:path";
import type { ModelFile } from "./folder/types.ts";
import type { AvailableModel } from "../wire/models.ts";
import type { Device } from "../wire/device.ts";
import { listCachedIds } from "./cache/cache.ts";
import { findCached } from "./cache/find.ts";
import { readCatalogue } from "./catalogue.ts";
import { isFolder } from "./folder/listing.ts";
import { findCachedAny } from "./load.ts";
import { describeFolder, listBundled, listRoot, passOverBroken } from "./folder/local.ts";
import { findFiles } from "./fetch/find.ts";
import type { ModelRoots } from "./resolve.ts";
import type { HubSettings } from "./fetch/settings.ts";

interface ListOptions {
  readonly roots: ModelRoots;
  readonly hub: HubSettings;
  readonly device: Device;
}

/** Every model that could be loaded, each id once, without asking the hub. */
export async function listAvailable({ roots, hub, device }: ListOptions): Promise<AvailableModel[]> {
  const catalogue = await readCatalogue(join(roots.bundled, "catalogue.json"));
  const stands = new Set<string>(); // cached repositories that serve a catalogue entry under another id
  const offered: AvailableModel[] = [];
  for (const entry of catalogue) {
    const cached = await passOverBroken(findCachedAny(hub.cacheFolder, entry.id, null, { unsure: true }));
    if (cached !== null) stands.add(cached.id);
    const here = cached === null
      ? null
      : await describeFolder(cached.folder, entry.id, { device, bundled: false });
    offered.push(here === null ? entry : { ...here, parameters: entry.parameters, license: entry.license });
  }
  const cached = (await listCached(hub.cacheFolder, device)).filter((model) => !stands.has(model.id));
  const all = [
    ...await listBundled(roots.bundled, device),
    ...(roots.modelsDir === null ? [] : await listRoot(roots.modelsDir, { device, bundled: false })),
    ...(roots.own === null || !await isFolder(roots.own) ? [] : await describeOwn(roots.own, device)),
    ...cached,
    ...offered,
  ];
  return all.filter((model, at) => all.findIndex((other) => other.id === model.id) === at);
}

/** The model of NEXTTOKEN_MODEL's folder, if it is one. */
async function describeOwn(folder: string, device: Device): Promise<AvailableModel[]> {
  const model = await describeFolder(folder, basename(folder), { device, bundled: false });
  return model === null ? [] : [model];
}

/** The models in the cache that can be loaded without the hub, at revision main. */
async function listCached(cacheFolder: string, device: Device): Promise<AvailableModel[]> {
  const models: AvailableModel[] = [];
  for (const id of await listCachedIds(cacheFolder)) {
    const folder = await passOverBroken(findCached(cacheFolder, id, null, { unsure: true }));
    const model = folder === null ? null : await describeFolder(folder, id, { device, bundled: false });
    if (model !== null) models.push(model);
  }
  return models;
}

/** Every file variant that the hub has of `id`, with sizes and what each costs in fidelity. */
export async function listVariants(
  id: string,
  revision: string | null,
  hub: HubSettings,
  signal: AbortSignal,
): Promise<
  { readonly source: string; readonly license: string | null; readonly files: readonly ModelFile[] }
> {
  const { repository, files } = await findFiles(id, revision, hub, signal);
  return { source: repository.id, license: repository.license, files };
}
