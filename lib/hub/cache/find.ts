// What the cache can serve without asking the hub: a snapshot, or a folder of it.
import { join } from "node:path";
import { type FileCriteria, parseVariant } from "../folder/choose.ts";
import { findMissingData } from "../folder/external.ts";
import { chooseGenaiFolders, findModelsIn, GENAI_CONFIG } from "../folder/genai.ts";
import { findFoldersWith, isFolder, listFolder } from "../folder/listing.ts";
import { readJsonOrNothing, type SmallFiles, smallFilesOf } from "../folder/small_files.ts";
import { hasTokenizer } from "../folder/tokenizer_files.ts";
import type { ListedFile } from "../folder/types.ts";
import { findModelFilesIn } from "../folder/variants.ts";
import { isAbsent, MODEL_SIGNS, TOKENIZER_SIGNS } from "./absent.ts";
import { cachePathsOf, commitOf } from "./cache.ts";

/** Which snapshot is wanted. */
export interface CacheCriteria extends Pick<FileCriteria, "variant"> {
  /** Also one that may not be whole, which only the hub knows: another program fetched it, and what says the kind of
   * model or its tokenizer is missing. */
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
  return await findFolder(
    cacheFolder,
    id,
    revision,
    async (candidate) =>
      await hasSmallFiles(candidate, MODEL_SIGNS, unsure) && await hasWholeModel(candidate, requested),
  );
}

/** The folder of `id` that has its tokenizer; null where there is none. `unsure`: also one that may not be whole. */
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
    (candidate) => hasSmallFiles(candidate, TOKENIZER_SIGNS, unsure),
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

/** Whether there is a tokenizer, and unless `unsure` nothing more on the hub of what `signs` list. */
async function hasSmallFiles(
  { small, lacks }: Candidate,
  signs: readonly (readonly string[])[],
  unsure: boolean,
): Promise<boolean> {
  if (!hasTokenizer(small.has)) return false;
  const open = unsure ? [] : signs.filter((names) => !names.some(small.has)).flat();
  return (await Promise.all(open.map(lacks))).every((is) => is);
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
