// Which repository of the hub holds a model's files: the one that is asked for, another one of the same name, or a
// folder of it.
import { fault } from "../../fault.ts";
import type { Repository } from "../cache/repository.ts";
import { chooseGenaiFolders, findModelsIn, GENAI_CONFIG } from "../folder/genai.ts";
import type { ModelFile } from "../folder/types.ts";
import { hasTokenizer } from "../folder/tokenizer_files.ts";
import { findModelFilesIn, findUsualFiles } from "../folder/variants.ts";
import { readRepository, readSmallJson } from "./repository.ts";
import type { HubSettings } from "./settings.ts";

/** Repositories that may hold the ONNX files of `id` where it holds none itself. Branches, tags and commits are a
 * repository's own; only main is everywhere. */
export function alternativesOf(id: string, revision: string | null): string[] {
  if (revision !== null && revision !== "main") return [];
  const name = id.slice(id.lastIndexOf("/") + 1);
  return [`onnx-community/${name}`, `onnx-community/${name}-ONNX`].filter((other) => other !== id);
}

interface Found {
  readonly repository: Repository;
  readonly files: ModelFile[];
  readonly notice: string | null;
}

/** The repository that holds ONNX files for `id`: itself, else (at revision main) an alternative, else itself under
 * unusual names. Throws model_failed where there is none. */
export async function findFiles(
  id: string,
  revision: string | null,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<Found> {
  const repository = await readRepository(id, revision, settings, signal);
  const files = findUsualFiles(repository.files);
  if (files.length > 0) return { repository, files, notice: null };
  const others = alternativesOf(id, revision);
  for (const other of others) {
    const found = await readOrNull(other, settings, signal);
    const there = found === null ? [] : findUsualFiles(found.files);
    if (found === null || there.length === 0) continue;
    return {
      repository: found,
      files: there,
      notice: `${id} has no ONNX files; those of ${other} are used.`,
    };
  }
  const odd = await modelFilesOf(repository, settings, signal);
  if (odd.length > 0) return { repository, files: odd, notice: null };
  const inside = await findInside(repository, settings, signal);
  if (inside !== null) return inside;
  const tried = others.length > 0 ? `, and neither has ${others.join(" or ")}` : "";
  throw fault("model_failed", `${id} has no onnx/model.onnx and no variant of it${tried}.`);
}

/** The model files of a repository, or of a folder of one. */
async function modelFilesOf(
  repository: Repository,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<ModelFile[]> {
  return await findModelFilesIn(
    repository.files,
    () => readSmallJson(repository, GENAI_CONFIG, settings, signal),
  );
}

/** The model in a folder of the repository; null where there is none. Throws as foldersOf. */
async function findInside(
  repository: Repository,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<Found | null> {
  for (const here of foldersOf(repository)) {
    const files = await modelFilesOf(here, settings, signal);
    if (files.length === 0) continue;
    const notice = `${repository.id} keeps its models in folders; that in ${
      here.inside.slice(0, -1)
    } is used.`;
    return { repository: here, files, notice };
  }
  return null;
}

/** The folders of a repository in which onnxruntime-genai lays out its model, the best first. Throws model_failed where
 * they hold different models. */
function foldersOf(repository: Repository): (Repository & { readonly inside: string })[] {
  const marks = repository.files.flatMap(({ path }) =>
    path.endsWith(`/${GENAI_CONFIG}`) ? [path.slice(0, -GENAI_CONFIG.length)] : []
  );
  const folders = chooseGenaiFolders(marks);
  const several = findModelsIn(folders);
  if (several.length > 1) {
    const what = `${repository.id} holds several models in folders of their own (${several.join(", ")})`;
    throw fault("model_failed", `${what}. Download one of these folders and load it as a local model.`);
  }
  return folders.map((inside) => {
    const files = repository.files.filter(({ path }) => path.startsWith(inside))
      .map((file) => ({ ...file, path: file.path.slice(inside.length) }));
    return { ...repository, inside, files };
  });
}

/** The repository of `id`, or the folder of it, that holds its tokenizer; itself where there is none. Throws as
 * foldersOf. */
export async function findTokenizerFiles(
  id: string,
  revision: string | null,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<Repository> {
  const repository = await readRepository(id, revision, settings, signal);
  const canServe = ({ files }: Repository) => hasTokenizer((name) => files.some(({ path }) => path === name));
  return canServe(repository) ? repository : foldersOf(repository).find(canServe) ?? repository;
}

/** Whether an alternative is there is a question, not a failure: any refusal counts as no. */
async function readOrNull(
  id: string,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<Repository | null> {
  try {
    return await readRepository(id, null, settings, signal);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
