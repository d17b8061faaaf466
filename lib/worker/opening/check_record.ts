// The comparison with a plain session opens a second one and takes as long as the first. Its result is remembered: the
// same library, file and processor compute the same, so the next start need not ask. Nor need it read the graph, where
// opening the file as it is was all that came of that.
//
//   <cache folder>/checks/<hash of the file's place and the graph's use>    the facts it held under, as JSON
import { cpus } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../basics/sha256.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import type { PreparedGraph } from "../../onnx/prepare.ts";
import { findLibrary } from "../../ort/library.ts";
import type { LoadSpec } from "../../protocol/messages.ts";
import { factsOf, readFileFacts } from "./file_facts.ts";
import type { GraphUse } from "./plan.ts";
import { readRecord, writeRecord } from "./record_file.ts";

/** Raised when the native runner computes another way, or more is checked: what was checked before counts no more. */
const RUNNER_EDITION = 4;

/** What was seen of a graph whose file is opened as it is. */
export type SeenGraph = Pick<PreparedGraph, "sharedBuffers" | "sharedScales" | "foldedBytes">;

/** What is remembered of one file as it is used. */
export interface CheckRecord {
  /** Whether the check held under the same facts. */
  readonly holds: boolean;
  /** Where it does: what was seen of the graph, null where it is to be read again. */
  readonly seen: SeenGraph | null;
  /** Where it does: the name of the optimised graph that is kept (kept_graph.ts), null where none is. */
  readonly graph: string | null;
  /** Remembers that it holds; best effort. */
  keep(seen: SeenGraph | null, graph: string | null): Promise<void>;
}

/** The record of the check of a model's file; null where nothing is remembered: no folder is named, or the processor is
 * not known. */
export async function readCheckRecord(
  model: Pick<ModelFolder, "folder" | "file">,
  use: GraphUse,
  { cacheFolder, root }: Pick<LoadSpec, "cacheFolder" | "root">,
): Promise<CheckRecord | null> {
  const processor = readProcessorName();
  if (cacheFolder === undefined || cacheFolder === null || processor === null) return null;
  try {
    const files = await readFileFacts(model);
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
    const name = (await sha256([JSON.stringify([files[0]![0], use])])).slice(0, 24);
    const path = join(cacheFolder, "checks", name);
    const known = await readJson(path);
    const holds = JSON.stringify(known?.facts) === JSON.stringify(facts);
    const keep = (seen: SeenGraph | null, graph: string | null) =>
      write(path, JSON.stringify({ facts, seen, graph } satisfies Kept));
    return {
      holds,
      seen: holds ? known?.seen ?? null : null,
      graph: holds ? known?.graph ?? null : null,
      keep,
    };
  } catch {
    return null; // opening the model says what is wrong
  }
}

/** The processor's name, or null where this process may not ask for it. */
function readProcessorName(): string | null {
  if (Deno.permissions.querySync({ name: "sys", kind: "cpus" }).state !== "granted") return null;
  return cpus()[0]?.model ?? null;
}

/** A record's file. */
interface Kept {
  readonly facts: unknown;
  readonly seen: SeenGraph | null;
  readonly graph: string | null;
}

async function readJson(path: string): Promise<Kept | null> {
  try {
    return JSON.parse(new TextDecoder().decode(await readRecord(path)));
  } catch {
    return null; // there is none, or it is damaged
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeRecord(path, new TextEncoder().encode(text));
  } catch {
    // The next start checks again.
  }
}
