// The check against the addon opens a second session and takes as long as the first. Its result is remembered: the same
// library, file and processor compute the same, so the next start need not ask.
//
//   <cache folder>/checks/<hash of the file's place and the graph's use>    the facts it held under, as JSON
import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { join } from "node:path";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { findLibrary } from "../../ort/library.ts";
import type { LoadSpec } from "../../protocol/messages.ts";
import { factsOf, modelFileFacts } from "./file_facts.ts";
import type { GraphUse } from "./plan.ts";

/** Raised when the native runner computes another way: what was checked before counts no more. */
const RUNNER_EDITION = 1;

/** What is remembered of one file as it is used. */
export interface CheckRecord {
  /** Whether the check held under the same facts. */
  readonly holds: boolean;
  /** Remembers that it does; best effort. */
  keep(): Promise<void>;
}

/** The record of the check of a model's file; null where nothing is remembered: no folder is named, or the processor is
 * not known. */
export async function readCheckRecord(
  model: Pick<ModelFolder, "folder" | "file">,
  use: GraphUse,
  { cacheFolder, root }: Pick<LoadSpec, "cacheFolder" | "root">,
): Promise<CheckRecord | null> {
  const processor = processorName();
  if (cacheFolder === undefined || cacheFolder === null || processor === null) return null;
  try {
    const files = await modelFileFacts(model);
    const library = await factsOf(findLibrary(root));
    const { os, arch } = Deno.build;
    const facts = {
      edition: RUNNER_EDITION,
      deno: Deno.version.deno,
      os,
      arch,
      processor,
      library,
      files,
      use,
    };
    const text = JSON.stringify(facts);
    const folder = join(cacheFolder, "checks");
    const name = createHash("sha256").update(JSON.stringify([files[0]![0], use])).digest("hex").slice(0, 24);
    const path = join(folder, name);
    return { holds: await textOf(path) === text, keep: () => write(folder, path, text) };
  } catch {
    return null; // opening the model says what is wrong
  }
}

/** The processor's name, or null where this process may not ask for it. */
function processorName(): string | null {
  if (Deno.permissions.querySync({ name: "sys", kind: "cpus" }).state !== "granted") return null;
  return cpus()[0]?.model ?? null;
}

function textOf(path: string): Promise<string | null> {
  return Deno.readTextFile(path).catch(() => null);
}

async function write(folder: string, path: string, text: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${path}.incomplete`, text);
    await Deno.rename(`${path}.incomplete`, path);
  } catch {
    // The next start checks again.
  }
}
