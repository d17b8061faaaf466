// The distributions that the page has seen, so that undo and switching redraw at once. The least recently used go
// first.
import type { DistResult } from "../../wire/distribution.ts";
import type { TreeNode } from "../session/types.ts";

export interface KnownAnswers {
  /** The distribution at a place under settings (as `knownKeyOf` names them). */
  get(node: TreeNode, key: string): DistResult | undefined;
  set(node: TreeNode, key: string, dist: DistResult): void;
  /** As `get`, behind one more token. */
  behind(node: TreeNode, id: number, key: string): DistResult | undefined;
  setBehind(node: TreeNode, id: number, key: string, dist: DistResult): void;
}

const MOST = 300;

/** A store of the distributions seen last, by place and settings. */
export function createKnownAnswers(): KnownAnswers {
  const dists = new Map<string, DistResult>(); // by hand: lru-cache would add 6 kB to the first view
  const places = createPlaces();
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
  return {
    get: (node, key) => get(`${places.of(node)}|${key}`),
    set: (node, key, dist) => set(`${places.of(node)}|${key}`, dist),
    behind: (node, id, key) => get(`${places.behind(places.of(node), id)}|${key}`),
    setBehind: (node, id, key, dist) => set(`${places.behind(places.of(node), id)}|${key}`, dist),
  };
}

/** Numbers for paths of token ids: the same for two paths with the same prompt and the same tokens behind it (where the
 * prompt ends decides what penalties count), and for no others. A path costs one entry more than the path before its
 * last token, so a text of n tokens costs n. */
function createPlaces() {
  const numbers = new Map<string, number>(); // of "ids of the prompt" and of "number of the path before,id"
  const known = new WeakMap<TreeNode, number>();
  const numberOf = (name: string): number => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  const behind = (place: number, id: number) => numberOf(`${place},${id}`);
  const promptOf = (node: TreeNode & { kind: "root" }) =>
    numberOf(`prompt ${node.read?.tokens.map(({ id }) => id).join() ?? `unread ${node.id}`}`);
  return {
    behind,
    of(node: TreeNode): number {
      const missing: TreeNode[] = [];
      let at: TreeNode | null = node;
      for (; at !== null && !known.has(at); at = at.parent) missing.push(at);
      let place = at === null ? 0 : known.get(at)!;
      for (const each of missing.reverse()) {
        place = each.kind === "root" ? promptOf(each) : behind(place, each.record.token.id);
        known.set(each, place);
      }
      return place;
    },
  };
}
