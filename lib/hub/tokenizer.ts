// From a model's name to its tokenizer's files, without weights: for models that another engine runs.
import { findCachedTokenizer } from "./cache/find.ts";
import { findOrFetch } from "./find_or_fetch.ts";
import { pullTokenizer } from "./fetch/pull.ts";
import type { HubSettings } from "./fetch/settings.ts";
import { readConfig } from "./folder/genai.ts";
import { listFolder } from "./folder/listing.ts";
import { smallFilesOf } from "./folder/small_files.ts";
import { readTextParts } from "./folder/text_parts.ts";
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
  const { id, revision } = place;
  return await findOrFetch(
    (unsure) => findCachedTokenizer(hub.cacheFolder, id, revision, unsure),
    () => pullTokenizer(id, revision, hub, { signal, onProgress }),
    hub,
    signal,
  );
}
