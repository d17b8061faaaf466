// From a model's name to its tokenizer's files, without weights: for models that another engine runs.
import { join } from "node:path";
import { fault } from "../fault.ts";
import { cachePathsOf, commitOf } from "./cache/cache.ts";
import { pullSmallFiles } from "./fetch/pull.ts";
import { isUnlisted } from "./fetch/repository.ts";
import type { HubSettings } from "./fetch/settings.ts";
import { readChatTemplates, readEosTokenIds } from "./folder/config.ts";
import { readJson, readTokenizerConfig } from "./folder/folder.ts";
import { isFolder, listFolder } from "./folder/listing.ts";
import { hasTokenizer, readOtherTokenizer } from "./folder/tokenizer_files.ts";
import { readTemplateFiles } from "./folder/template_files.ts";
import type { JsonObject, LoadProgress } from "./folder/types.ts";
import { type ModelRoots, resolveModel } from "./resolve.ts";

/** A tokenizer with what belongs to it. */
export interface TokenizerFolder {
  readonly tokenizerText: string; // tokenizer.json as it is written; of other files, one that means the same
  readonly tokenizerJson: JsonObject;
  readonly tokenizerConfig: JsonObject;
  readonly chatTemplates: Readonly<Record<string, string>>;
  readonly eosTokenIds: readonly number[];
}

interface TokenizerOptions {
  readonly roots: ModelRoots;
  readonly hub: HubSettings;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Finds the tokenizer of the model `name`: a local folder, the cache, the hub. Throws what resolveModel and the hub
 * throw, and model_failed where the folder has no tokenizer. */
export async function findTokenizer(name: string, options: TokenizerOptions): Promise<TokenizerFolder> {
  return await readTokenizer(await folderOf(name, options), name);
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
  const has = await readNames(folder, id);
  return hasTokenizer(has) ? { folder, isSure: has("tokenizer.json") } : null;
}

/** Whether a file of a folder is there. */
async function readNames(folder: string, id: string): Promise<(name: string) => boolean> {
  const names = new Set((await listFolder(folder, id)).map(({ path }) => path));
  return (name) => names.has(name);
}

async function readTokenizer(folder: string, id: string): Promise<TokenizerFolder> {
  const has = await readNames(folder, id);
  const read = (name: string) => readJson(join(folder, name), name, id);
  const optional = (name: string) => has(name) ? read(name) : Promise.resolve(null);
  if (!hasTokenizer(has)) {
    throw fault("model_failed", `The tokenizer of ${id} is not there: it has no file tokenizer.json.`);
  }
  const written = await readTokenizerConfig(optional);
  const [config, generation] = [
    await optional("config.json") ?? {},
    await optional("generation_config.json"),
  ];
  const other = has("tokenizer.json")
    ? null
    : await readOtherTokenizer(id, has, (name) => Deno.readFile(join(folder, name)), {
      config,
      tokenizerConfig: written,
    });
  const tokenizerText = other?.text ?? await Deno.readTextFile(join(folder, "tokenizer.json"));
  const tokenizerJson = other?.json ?? await read("tokenizer.json");
  const tokenizerConfig = other?.tokenizerConfig ?? written;
  return {
    ...{ tokenizerText, tokenizerJson, tokenizerConfig },
    chatTemplates: readChatTemplates(
      tokenizerConfig,
      await readTemplateFiles(folder, await listFolder(folder, id)),
    ),
    eosTokenIds: readEosTokenIds(config, generation, tokenizerConfig, tokenizerJson),
  };
}
