// A model from the hub into the cache: listing, choice of the file, the small files first (they tell whether the
// model can run at all), then the weights, two files at a time, and last the links that make it visible.
import { fault } from "../../fault.ts";
import type { LoadProgress, ModelFile } from "../folder/types.ts";
import { beginRepository, cachePathsOf, publish } from "../cache/cache.ts";
import { chooseFile, type FileCriteria } from "../folder/choose.ts";
import { refuseOtherKinds } from "../folder/config.ts";
import { fetchBlobs } from "./fetch_blobs.ts";
import { cacheError } from "../folder/disk.ts";
import { readDataPaths } from "../folder/external.ts";
import { refuseOtherParts } from "../folder/folder.ts";
import { CONFIG_FILES, readConfig } from "../folder/genai.ts";
import { checkMemory, estimateMemory } from "../folder/memory.ts";
import { createProgressMeter, type ProgressMeter } from "./progress.ts";
import { findFiles, findTokenizerFiles } from "./find.ts";
import type { Repository, RepositoryFile } from "../cache/repository.ts";
import type { HubSettings } from "./settings.ts";
import { checkSpace } from "../cache/space.ts";
import { createSmallFiles } from "../folder/small_files.ts";
import { templateNameOf } from "../folder/template_files.ts";
import { readTextParts } from "../folder/text_parts.ts";
import { OTHER_TOKENIZER_FILES, refuseWithoutTokenizer } from "../folder/tokenizer_files.ts";

interface PullOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** A model that is whole in the cache. */
interface Pulled {
  readonly repository: Repository; // where the files came from
  readonly folder: string; // its snapshot
  readonly file: ModelFile;
  readonly notice: string | null; // for example: the files come from another repository
}

/** The JSON files a model folder may have beside its chat templates and its tokenizer. */
const SMALL_FILES = [
  ...CONFIG_FILES,
  "tokenizer_config.json",
  "generation_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
];

/** Fetches `id` at `revision` (null: main) as `criteria` say; what the cache has already is not fetched again.
 * Throws model_failed with a sentence; rejects with the signal's reason and leaves what can be resumed. */
export async function pullModel(
  id: string,
  revision: string | null,
  criteria: FileCriteria,
  settings: HubSettings,
  options: PullOptions,
): Promise<Pulled> {
  try {
    return await pullInto(id, revision, criteria, settings, options);
  } catch (error) {
    throw cacheError(error, settings.cacheFolder);
  }
}

/** Fetches the tokenizer of `id` and what belongs to it, no weights; gives the folder. Throws as pullModel. */
export async function pullTokenizer(
  id: string,
  revision: string | null,
  settings: HubSettings,
  options: PullOptions,
): Promise<string> {
  try {
    const meter = createProgressMeter(options.onProgress);
    meter.phase("resolving");
    const repository = await findTokenizerFiles(id, revision, settings, options.signal);
    const small = listSmallFiles(id, repository);
    meter.expect(small.reduce((sum, entry) => sum + entry.bytes, 0));
    meter.phase("downloading");
    await beginRepository(settings.cacheFolder, repository.id);
    await fetchBlobs(repository, small, settings, options.signal, meter);
    return await publish(
      settings.cacheFolder,
      repository,
      small.map((entry) => entry.path),
      settings.symlinks,
    );
  } catch (error) {
    throw cacheError(error, settings.cacheFolder);
  }
}

async function pullInto(
  id: string,
  revision: string | null,
  criteria: FileCriteria,
  settings: HubSettings,
  options: PullOptions,
): Promise<Pulled> {
  const meter = createProgressMeter(options.onProgress);
  meter.phase("resolving");
  const { repository, files, notice } = await findFiles(id, revision, settings, options.signal);
  refuseOtherParts(id, repository.files);
  const file = chooseFile(id, files, criteria);
  const small = listSmallFiles(id, repository);
  await beginRepository(settings.cacheFolder, repository.id);
  const weights = await fetchFiles(
    { id, repository, file, small },
    criteria,
    settings,
    options.signal,
    meter,
  );
  meter.phase("verifying");
  const paths = [...small, ...weights.files].map((entry) => entry.path);
  const folder = await publish(settings.cacheFolder, repository, paths, settings.symlinks);
  return { repository, folder, file: weights.file, notice };
}

/** The files beside the weights. Throws model_failed where no tokenizer is among them. */
function listSmallFiles(id: string, { files }: Repository): RepositoryFile[] {
  const has = (name: string) => files.some(({ path }) => path === name);
  refuseWithoutTokenizer(id, has);
  const ofTokenizer = has("tokenizer.json") ? ["tokenizer.json"] : OTHER_TOKENIZER_FILES;
  return [
    ...[...SMALL_FILES, ...ofTokenizer].flatMap((path) => files.find((entry) => entry.path === path) ?? []),
    ...files.filter((entry) => templateNameOf(entry.path) !== null),
  ];
}

interface Wanted {
  readonly id: string;
  readonly repository: Repository;
  readonly file: ModelFile;
  readonly small: readonly RepositoryFile[];
}

/** Fetches the small files, then the graph, then the data files: those are known once the graph is there. Gives the
 * files of the weights, the graph last. */
async function fetchFiles(
  { id, repository, file, small }: Wanted,
  criteria: FileCriteria,
  settings: HubSettings,
  signal: AbortSignal,
  meter: ProgressMeter,
): Promise<{ readonly file: ModelFile; readonly files: readonly RepositoryFile[] }> {
  const fetch = (files: readonly RepositoryFile[]) => fetchBlobs(repository, files, settings, signal, meter);
  const expect = (files: readonly RepositoryFile[]) =>
    meter.expect([...small, ...files].reduce((sum, { bytes }) => sum + bytes, 0));
  const likely = filesOf(repository, [file.path, ...file.external]);
  expect(likely);
  meter.phase("downloading");
  await fetch(small);
  const fetched = createSmallFiles(id, small, (path) => {
    const [entry] = filesOf(repository, [path]);
    return cachePathsOf(settings.cacheFolder, repository.id).blob(entry!.etag);
  });
  const config = await readConfig(fetched);
  refuseOtherKinds(id, config);
  await readTextParts(fetched, config); // refuses a tokenizer that cannot be read
  const check = async (file: ModelFile, files: readonly RepositoryFile[]) => {
    checkMemory(id, file, estimateMemory(file, config, criteria.device), criteria.memory ?? null);
    await checkSpace(repository, files, settings);
  };
  await check(file, likely);
  await fetch(likely.slice(0, 1));
  const whole = withNamedData(id, repository, file, settings);
  const files = filesOf(repository, [...whole.external, whole.path]);
  expect(files);
  await check(whole, files);
  await fetch(files.slice(0, -1));
  return { file: whole, files };
}

function filesOf({ files }: Repository, paths: readonly string[]): RepositoryFile[] {
  return paths.flatMap((path) => files.find((entry) => entry.path === path) ?? []);
}

/** `file` with the data files that its graph, which is fetched, names, and no others. Throws model_failed where the
 * repository lacks one. */
function withNamedData(
  id: string,
  repository: Repository,
  file: ModelFile,
  { cacheFolder }: HubSettings,
): ModelFile {
  const [graph] = filesOf(repository, [file.path]);
  const named = readDataPaths(file, cachePathsOf(cacheFolder, repository.id).blob(graph!.etag));
  const missing = named.find((path) => filesOf(repository, [path]).length === 0);
  if (missing !== undefined) {
    throw fault(
      "model_failed",
      `${file.path} of ${id} keeps its weights in ${missing}, which is not on the hub.`,
    );
  }
  const bytes = filesOf(repository, named).reduce((sum, entry) => sum + entry.bytes, graph!.bytes);
  return { ...file, external: named, bytes };
}
