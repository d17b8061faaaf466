// From a model's name to its tokenizer's files, without weights: for models that another engine runs.
import { cachePathsOf, commitOf } from "./cache/cache.ts";
import { pullSmallFiles } from "./fetch/pull.ts";
import { isUnlisted } from "./fetch/repository.ts";
import type { HubSettings } from "./fetch/settings.ts";
import { readConfig } from "./folder/genai.ts";
import { isFolder, listFolder } from "./folder/listing.ts";
import { smallFilesOf } from "./folder/small_files.ts";
import { readTextParts } from "./folder/text_parts.ts";
import { hasTokenizer } from "./folder/tokenizer_files.ts";
import type { LoadProgress, ModelFolder, ModelTokenizer } from "./folder/types.ts";
import { type ModelRoots, resolveModel } from "./resolve.ts";

/** A tokenizer with what belongs to it. */
export type TokenizerFolder = ModelTokenizer & Pick<ModelFolder, "tokenizerConfig" | "chatTemplates">;

interface TokenizerOptions {
  readonly roots: ModelRoots;
  readonly hub: HubSettings;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Finds the tokenizer of the model `name`: a local folder, the cache, the hub. Throws what resolveModel and the hub
 * throw, and model_failed where the folder has no tokenizer. */
export async function findTokenizer(name: string, options: TokenizerOptions): Promise<TokenizerFolder> {
  const folder = await folderOf(name, options);
  const files = smallFilesOf(folder, name, await listFolder(folder, name));
  const { tokenizer, tokenizerConfig, chatTemplates } = await readTextParts(files, await readConfig(files));
  return { ...await tokenizer(), tokenizerConfig, chatTemplates };
}

async function folderOf(name: string, { roots, hub, signal, onProgress }: TokenizerOptions): Promise<string> {
  const place = await resolveModel(name, roots);
  if (place.kind === "folder") return place.folder;
  const cached = await findCachedFolder(place.id, place.revision, hub);
  if (cached?.isSure || cached !== null && hub.offline) return cached.folder;
  try {
    return await pullSmallFiles(place.id, place.revision, hub, { signal, onProgress });
  } catch (error) {
    if (cached === null || signal.aborted || !isUnlisted(error)) throw error;
    return cached.folder;
  }
}

/** The snapshot of `id` with a tokenizer; `isSure`: the hub has no better one, for it is tokenizer.json. */
async function findCachedFolder(
  id: string,
  revision: string | null,
  { cacheFolder }: HubSettings,
): Promise<{ readonly folder: string; readonly isSure: boolean } | null> {
  const commit = await commitOf(cacheFolder, id, revision ?? "main");
  if (commit === null) return null;
  const folder = cachePathsOf(cacheFolder, id).snapshot(commit);
  if (!await isFolder(folder)) return null;
  const { has } = smallFilesOf(folder, id, await listFolder(folder, id));
  return hasTokenizer(has) ? { folder, isSure: has("tokenizer.json") } : null;
}
