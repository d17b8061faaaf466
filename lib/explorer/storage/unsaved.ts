// What a page could not write before it was left, kept in its tab: a page that goes away may not see its last write
// through, and the next one may read before it.
import type { SavedHead, SavedRoot, SavedSession, SavedStep } from "./saved/types.ts";

const KEY = "llmDemo.unwritten";

/** What is known of the nodes in the store: the version of each, by id. */
export type NodeVersions = ReadonlyMap<number, string>;

/** A node changes twice at most: when its prompt is read, when its token is confirmed. Settings are numbered anew
 * with every save. */
export function versionOf(node: SavedRoot | SavedStep): string {
  return "parent" in node ? `${node.confirmed} ${node.params}` : String(node.read !== null);
}

/** Keeps a session in the tab, without the nodes that the store has already. Where it is too large even so, the write
 * that is on its way has to do. */
export function keepUnsaved(tab: Storage | null, saved: SavedSession, written: NodeVersions): void {
  const missing = (node: SavedRoot | SavedStep) => written.get(node.id) !== versionOf(node);
  const { roots, steps } = saved;
  try {
    tab?.setItem(
      KEY,
      JSON.stringify({ ...saved, roots: roots.filter(missing), steps: steps.filter(missing) }),
    );
  } catch {
    tab?.removeItem(KEY); // an older one would be worse than none
  }
}

/** Drops what was put aside when the page was left. */
export function forgetUnsaved(tab: Storage | null): void {
  tab?.removeItem(KEY);
}

/** The stored session, or what the tab keeps of a later one, with the nodes that only the store has. Unchecked. */
export function withUnsaved(tab: Storage | null, stored: SavedSession | null): unknown {
  const kept = read(tab);
  const time = (value: Partial<SavedHead> | null) => value?.savedAt ?? "";
  if (kept === null || time(kept) <= time(stored)) return stored;
  return {
    ...kept,
    roots: joinNodes(stored?.roots, kept.roots),
    steps: joinNodes(stored?.steps, kept.steps),
  };
}

function read(tab: Storage | null): Partial<SavedSession> | null {
  try {
    return JSON.parse(tab?.getItem(KEY) ?? "null");
  } catch {
    return null; // not ours
  }
}

/** The nodes of both in the order of their ids, which puts parents before children; `later` wins. */
function joinNodes<N extends { readonly id: number }>(
  stored: readonly N[] = [],
  later: readonly N[] = [],
): N[] {
  const nodes = new Map([...stored, ...later].map((node) => [node.id, node]));
  return [...nodes.values()].sort((a, b) => a.id - b.id);
}
