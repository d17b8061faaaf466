// The models that are already here as folders: what a root holds, as entries of the list of available models.
import { join } from "node:path";
import { faultOf } from "../../fault.ts";
import type { AvailableModel } from "../../wire/models.ts";
import type { Device } from "../../wire/device.ts";
import { chooseFile } from "./choose.ts";
import { estimateParameters } from "./config.ts";
import { isOutOfReach } from "./disk.ts";
import { configFileOf, GENAI_CONFIG, readConfig } from "./genai.ts";
import { entriesOf, listFolder } from "./listing.ts";
import { isNamePart } from "./names.ts";
import { readJsonOrNothing, readText, type SmallFiles, smallFilesOf } from "./small_files.ts";
import { hasTokenizer } from "./tokenizer_files.ts";
import { findModelFilesIn } from "./variants.ts";

/** The bundled models: every folder `owner/name` or `name` below `root` with a config and a model file.
 * `bytes` and `dtype` are those of the file that `device` would run. Folders that are no models are passed over. */
export async function listBundled(root: string, device: Device = "cpu"): Promise<AvailableModel[]> {
  return await listRoot(root, { device, bundled: true });
}

/** The models below any root; see listBundled. */
export async function listRoot(
  root: string,
  options: { readonly device: Device; readonly bundled: boolean },
): Promise<AvailableModel[]> {
  const models: AvailableModel[] = [];
  const inside = { ...options, root };
  for (const owner of await listFolderNames(root)) {
    const single = await describeFolder(join(root, owner), owner, inside);
    if (single !== null) {
      models.push(single);
      continue;
    }
    for (const name of await listFolderNames(join(root, owner))) {
      const model = await describeFolder(join(root, owner, name), `${owner}/${name}`, inside);
      if (model !== null) models.push(model);
    }
  }
  return models;
}

/** The model in `folder` as an entry of the list of models; null where there is no model file, or neither config nor
 * tokenizer, and where a load would refuse it for a link that leads out of `root`. */
export async function describeFolder(
  folder: string,
  id: string,
  options: { readonly device: Device; readonly bundled: boolean; readonly root?: string },
): Promise<AvailableModel | null> {
  const listing = await passOverBroken(listFolder(folder, id, options.root));
  if (listing === null) return null;
  const small = smallFilesOf(folder, id, listing);
  const files = await findModelFilesIn(listing, () => readJsonOrNothing(small, GENAI_CONFIG));
  if (files.length === 0 || configFileOf(small.has) === null && !hasTokenizer(small.has)) return null;
  const file = chooseFile(id, files, { device: options.device });
  return {
    id,
    label: id.slice(id.lastIndexOf("/") + 1),
    parameters: estimateParameters(await readConfig(small, readJsonOrNothing)),
    bytes: file.bytes,
    dtype: file.quantization,
    license: await licenseOf(small),
    cached: true,
    bundled: options.bundled,
  };
}

/** What `work` finds; null where that is a broken model or out of reach: a list must not fail for one folder, and
 * loading it says what is wrong. */
export async function passOverBroken<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (faultOf(error) === null && !isOutOfReach(error)) throw error;
    return null;
  }
}

const LICENSE_TITLES: readonly (readonly [RegExp, string])[] = [
  [/Apache License\s+Version 2\.0/, "apache-2.0"],
  [/MIT License/, "mit"],
  [/LLAMA 3\.2/i, "llama3.2"],
  [/Gemma/, "gemma"],
];

/** The licence of a model: README's front matter, else a title in LICENSE, else null. */
export async function licenseOf(files: SmallFiles): Promise<string | null> {
  const read = (name: string) =>
    files.has(name) ? readText(files, name).catch(() => "") : Promise.resolve("");
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(await read("README.md"))?.[1] ?? "";
  const license = /^license(?:_name)?:\s*["']?([\w.+-]+)/m.exec(front)?.[1];
  if (license !== undefined) return license.toLowerCase();
  const text = (await read("LICENSE")).slice(0, 2000);
  return LICENSE_TITLES.find(([title]) => title.test(text))?.[1] ?? null;
}

async function listFolderNames(folder: string): Promise<string[]> {
  const folders = (await entriesOf(folder)).filter((entry) => entry.isDirectory && isNamePart(entry.name));
  return folders.map((entry) => entry.name);
}
