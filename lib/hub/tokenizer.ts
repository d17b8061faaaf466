// From a model's name to its tokenizer's files, without weights: for models that another engine runs.
import { join } from "node:path";
import { fault } from "../fault.ts";
import { cachePaths, commitOf } from "./cache/cache.ts";
import { pullSmallFiles } from "./fetch/pull.ts";
import type { HubSettings } from "./fetch/settings.ts";
import { chatTemplates, eosTokenIds } from "./folder/config.ts";
import { readJson, readTokenizerConfig } from "./folder/folder.ts";
import { fileSize, listFolder } from "./folder/listing.ts";
import { templateFiles } from "./folder/template_files.ts";
import type { JsonObject, LoadProgress } from "./folder/types.ts";
import { type ModelRoots, resolveModel } from "./resolve.ts";

/** A tokenizer with what belongs to it. */
export interface TokenizerFolder {
  readonly tokenizerText: string; // tokenizer.json as it is written
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
 * throw, and model_failed where the folder has no tokenizer.json. */
export async function findTokenizer(name: string, options: TokenizerOptions): Promise<TokenizerFolder> {
  return await readTokenizer(await folderOf(name, options), name);
}

async function folderOf(name: string, { roots, hub, signal, onProgress }: TokenizerOptions): Promise<string> {
  const place = await resolveModel(name, roots);
  if (place.kind === "folder") return place.folder;
  const commit = await commitOf(hub.cacheFolder, place.id, place.revision ?? "main");
  if (commit !== null) {
    const folder = cachePaths(hub.cacheFolder, place.id).snapshot(commit);
    if (await fileSize(join(folder, "tokenizer.json")) !== null) return folder;
  }
  return await pullSmallFiles(place.id, place.revision, hub, { signal, onProgress });
}

async function readTokenizer(folder: string, id: string): Promise<TokenizerFolder> {
  const has = async (name: string) => await fileSize(join(folder, name)) !== null;
  const optional = async (name: string) =>
    await has(name) ? await readJson(join(folder, name), name, id) : null;
  if (!await has("tokenizer.json")) {
    throw fault("model_failed", `The tokenizer of ${id} is not there: it has no file tokenizer.json.`);
  }
  const tokenizerText = await Deno.readTextFile(join(folder, "tokenizer.json"));
  const tokenizerJson = await readJson(join(folder, "tokenizer.json"), "tokenizer.json", id);
  const tokenizerConfig = await readTokenizerConfig(optional);
  const [config, generation] = [
    await optional("config.json") ?? {},
    await optional("generation_config.json"),
  ];
  return {
    ...{ tokenizerText, tokenizerJson, tokenizerConfig },
    chatTemplates: chatTemplates(tokenizerConfig, await templateFiles(folder, await listFolder(folder, id))),
    eosTokenIds: eosTokenIds(config, generation, tokenizerConfig, tokenizerJson),
  };
}
