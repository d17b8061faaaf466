// What the cache can serve without asking the hub: a snapshot, or a folder of it.
import { join } from "node:path";
import { type FileCriteria, parseVariant } from "../folder/choose.ts";
import { findMissingData } from "../folder/external.ts";
import { chooseGenaiFolders, CONFIG_FILES, findModelsIn, GENAI_CONFIG } from "../folder/genai.ts";
import { findFoldersWith, isFolder, listFolder } from "../folder/listing.ts";
import { readJsonOrNothing, type SmallFiles, smallFilesOf } from "../folder/small_files.ts";
import { hasTokenizer } from "../folder/tokenizer_files.ts";
import type { ListedFile } from "../folder/types.ts";
import { findModelFilesIn } from "../folder/variants.ts";
import { isAbsent, TOKENIZER_FILES } from "./absent.ts";
import { cachePathsOf, commitOf } from "./cache.ts";

/** Which snapshot is wanted. */
export interface CacheCriteria extends Pick<FileCriteria, "variant"> {
  /** Also one that may not be whole, which only the hub knows: where another program fetched it, it may not say what
   * kind of model it is, or have its tokenizer in other files than tokenizer.json. */
  readonly unsure?: boolean;
}

/** A folder of the cache that may be what is looked for. */
interface Candidate {
  readonly folder: string;
  readonly listing: readonly ListedFile[];
  readonly small: SmallFiles;
  /** Whether the hub has no file of this name there. */
  readonly lacks: (name: string) => Promise<boolean>;
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
    if (!await hasOwnTokenizer(candidate, unsure)) return false;
    if (!unsure && !await isDecided(candidate, CONFIG_FILES)) return false;
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
  return await findFolder(cacheFolder, id, revision, (candidate) => hasOwnTokenizer(candidate, unsure));
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
  const places = cachePathsOf(cacheFolder, id);
  const snapshot = places.snapshot(commit);
  if (!await isFolder(snapshot)) return null;
  const canServe = async (inside: string) => {
    const folder = join(snapshot, inside);
    const listing = await listFolder(folder, id);
    const lacks = (name: string) => isAbsent(places.folder, commit, inside + name);
    return await serves({ folder, listing, small: smallFilesOf(folder, id, listing), lacks });
  };
  if (await canServe("")) return snapshot;
  const folders = chooseGenaiFolders(await findFoldersWith(snapshot, GENAI_CONFIG));
  if (findModelsIn(folders).length > 1) return null;
  for (const inside of folders) {
    if (await canServe(inside)) return join(snapshot, inside);
  }
  return null;
}

/** Whether there is a tokenizer, and unless `unsure` none on the hub that would be read instead. */
async function hasOwnTokenizer(candidate: Candidate, unsure: boolean): Promise<boolean> {
  return hasTokenizer(candidate.small.has) && (unsure || await isDecided(candidate, TOKENIZER_FILES));
}

/** Whether one of these files is there, or the hub has none of them. */
async function isDecided({ small, lacks }: Candidate, names: readonly string[]): Promise<boolean> {
  if (names.some(small.has)) return true;
  const lacking = await Promise.all(names.map(lacks));
  return lacking.every((is) => is);
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
