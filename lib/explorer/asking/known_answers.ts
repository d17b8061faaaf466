// The distributions that the page has seen, so that undo and switching redraw at once. The least recently used go
// first.
import type { DistResult } from "../../wire/distribution.ts";
import { pathIds } from "../session/tree.ts";
import type { TreeNode } from "../session/types.ts";

export interface KnownAnswers {
  /** The distribution at a place under settings (as `knownKey` names them). */
  get(node: TreeNode, key: string): DistResult | undefined;
  set(node: TreeNode, key: string, dist: DistResult): void;
  /** As `get`, behind one more token. */
  behind(node: TreeNode, id: number, key: string): DistResult | undefined;
  setBehind(node: TreeNode, id: number, key: string, dist: DistResult): void;
  clear(): void;
}

const MOST = 300;

export function createKnownAnswers(): KnownAnswers {
  const dists = new Map<string, DistResult>();
  const places = new WeakMap<TreeNode, string>();
  const place = (node: TreeNode): string => {
    const known = places.get(node);
    if (known !== undefined) return known;
    const ids = pathIds(node);
    const name = ids === null ? "" : [...ids.prompt, ...ids.completion].join(",");
    places.set(node, name);
    return name;
  };
  const get = (name: string) => {
    const dist = dists.get(name);
    if (dist === undefined) return undefined;
    dists.delete(name);
    dists.set(name, dist);
    return dist;
  };
  const set = (name: string, dist: DistResult) => {
    dists.delete(name);
    dists.set(name, dist);
    const [oldest] = dists.keys();
    if (dists.size > MOST && oldest !== undefined) dists.delete(oldest);
  };
  // Where the prompt ends decides what penalties count: it belongs to the name of a place.
  const name = (node: TreeNode, key: string) => `${node.depth}|${place(node)}|${key}`;
  const nameBehind = (node: TreeNode, id: number, key: string) =>
    `${node.depth + 1}|${place(node)},${id}|${key}`;
  return {
    get: (node, key) => get(name(node, key)),
    set: (node, key, dist) => set(name(node, key), dist),
    behind: (node, id, key) => get(nameBehind(node, id, key)),
    setBehind: (node, id, key, dist) => set(nameBehind(node, id, key), dist),
    clear: () => dists.clear(),
  };
}
