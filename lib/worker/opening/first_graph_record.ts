// What the worker does for the start's session that the main thread begins (lib/engine/first_session.ts): it remembers
// which graph that is, and declines a session that it has no use for.
import { openOrt } from "../../ort/api.ts";
import { declineBegun } from "../../ort/begun_session.ts";
import { findLibrary } from "../../ort/library.ts";
import { type FirstGraph, pathOfFirstGraph } from "../../protocol/first_graph.ts";
import type { LoadSpec } from "../../protocol/messages.ts";
import { readRecord, writeRecord } from "./record_file.ts";

/** Remembers it for the main thread of the next start, where this load is a start's; best effort. */
export async function rememberFirstGraph(spec: LoadSpec, first: FirstGraph): Promise<void> {
  try {
    const path = spec.background === true ? null : await pathOfFirstGraph(spec);
    if (path === null) return;
    const text = JSON.stringify(first);
    const known = await readRecord(path).then((bytes) => new TextDecoder().decode(bytes), () => null);
    if (known !== text) await writeRecord(path, new TextEncoder().encode(text));
  } catch {
    // The next start's worker begins the session.
  }
}

/** Forgets which graph a start opens; best effort. */
export async function forgetFirstGraph(spec: LoadSpec): Promise<void> {
  const path = await pathOfFirstGraph(spec);
  if (path !== null) await Deno.remove(path).catch(() => {});
}

/** Declines the session that the main thread has begun; true where it was there and nobody had taken it. */
export function declineFirst({ begun, root }: Pick<LoadSpec, "begun" | "root">): boolean {
  return begun !== undefined && declineBegun(begun, () => openOrt(findLibrary(root)));
}
