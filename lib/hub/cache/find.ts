// What the cache can serve without asking the hub: a snapshot, or a folder of it.
import { join } from "node:path";
import { type FileCriteria, parseVariant } from "../folder/choose.ts";
import { findMissingData } from "../folder/external.ts";
import { chooseGenaiFolders, configFileOf, findModelsIn, GENAI_CONFIG } from "../folder/genai.ts";
import { findFoldersWith, isFolder, listFolder } from "../folder/listing.ts";
import { readJsonOrNothing, type SmallFiles, smallFilesOf } from "../folder/small_files.ts";
import { hasTokenizer } from "../folder/tokenizer_files.ts";
import type { ListedFile } from "../folder/types.ts";
import { findModelFilesIn } from "../folder/variants.ts";
import { cachePathsOf, commitOf } from "./cache.ts";

/** Which snapshot is wanted. */
export interface CacheCriteria extends Pick<FileCriteria, "variant"> {
  /** Also one that may not be whole, which only the hub knows: it does not say what kind of model it is, or its
   * tokenizer lies in other files than tokenizer.json. */
  readonly unsure?: boolean;
}

/** A folder of the cache that may be what is looked for. */
interface Candidate {
  readonly folder: string;
  readonly listing: readonly ListedFile[];
  readonly small: SmallFiles;
}

/** The folder of `id` whose model can run as `criteria` say; null where there is none. */
export async function findCached(
  cacheFolder: string,
  id: string,
  revision: string | null,
  { variant, unsure = false }: CacheCriteria,
): Promise<string | null> {
  const requested = parseVariant(variant);
  return await findFolder(cacheFolder, id, revision, async (candidate) => {
    const isSure = hasSureTokenizer(candidate) && configFileOf(candidate.small.has) !== null;
    if (!isSure && !(unsure && hasTokenizer(candidate.small.has))) return false;
    return await hasWholeModel(candidate, requested);
  });
}

/** The folder of `id` that has its tokenizer; null where there is none. `unsure`: also other files than tokenizer.json,
 * beside which the hub may have that. */
export async function findCachedTokenizer(
  cacheFolder: string,
  id: string,
  revision: string | null,
  unsure: boolean,
): Promise<string | null> {
  return await findFolder(
    cacheFolder,
    id,
    revision,
    (candidate) =>
      Promise.resolve(hasSureTokenizer(candidate) || unsure && hasTokenizer(candidate.small.has)),
  );
}

/** The first folder that `serves`: the snapshot itself, or one of those in which onnxruntime-genai lays out a model,
 * where these are of the same one. */
async function findFolder(
  cacheFolder: string,
  id: string,
  revision: string | null,
  serves: (candidate: Candidate) => Promise<boolean>,
): Promise<string | null> {
  const commit = await commitOf(cacheFolder, id, revision ?? "main");
  if (commit === null) return null;
  const snapshot = cachePathsOf(cacheFolder, id).snapshot(commit);
  if (!await isFolder(snapshot)) return null;
  const canServe = async (folder: string) => {
    const listing = await listFolder(folder, id);
    return await serves({ folder, listing, small: smallFilesOf(folder, id, listing) });
  };
  if (await canServe(snapshot)) return snapshot;
  const folders = chooseGenaiFolders(await findFoldersWith(snapshot, GENAI_CONFIG));
  if (findModelsIn(folders).length > 1) return null;
  for (const inside of folders) {
    if (await canServe(join(snapshot, inside))) return join(snapshot, inside);
  }
  return null;
}

function hasSureTokenizer({ small }: Candidate): boolean {
  return small.has("tokenizer.json");
}

/** Whether all files are there of one that is stored as `requested` (null: in any way). */
async function hasWholeModel(
  { folder, listing, small }: Candidate,
  requested: string | null,
): Promise<boolean> {
  for (const file of await findModelFilesIn(listing, () => readJsonOrNothing(small, GENAI_CONFIG))) {
    if (requested !== null && file.quantization !== requested) continue;
    if (await findMissingData(folder, file) === null) return true;
  }
  return false;
}
