// The files of a model that hold a chat template each: one for every use, and a folder of named ones.
import { readText, type SmallFiles } from "./small_files.ts";

/** The folder of the named templates. */
export const TEMPLATE_FOLDER = "additional_chat_templates/";

/** The name of the template that the file at `path` of a model holds, or null. */
export function templateNameOf(path: string): string | null {
  if (path === "chat_template.jinja") return "default";
  const name = path.startsWith(TEMPLATE_FOLDER) ? path.slice(TEMPLATE_FOLDER.length) : "";
  return /^[^/]+\.jinja$/.test(name) ? name.slice(0, -".jinja".length) : null;
}

/** The texts of the templates among the files of a model, by their names. Throws model_failed. */
export async function readTemplateFiles(files: SmallFiles): Promise<Record<string, string>> {
  const found: [name: string, text: string][] = [];
  for (const path of files.paths) {
    const name = templateNameOf(path);
    if (name !== null) found.push([name, await readText(files, path)]);
  }
  return Object.fromEntries(found); // no assignment: a name may be "__proto__"
}
