// Places of the look-ahead tree's nodes, by d3-hierarchy.
import { hierarchy, tree } from "d3-hierarchy";
import type { AheadNode } from "../../lib/explorer/tree_expansion.ts";

export interface PlacedNode {
  readonly node: AheadNode;
  readonly x: number; // pixels from the left, of the node's column
  readonly y: number; // of its middle, from the top
  readonly from: { readonly x: number; readonly y: number };
}

export interface AheadLayout {
  readonly placed: readonly PlacedNode[];
  readonly root: { readonly x: number; readonly y: number };
  readonly width: number;
  readonly height: number;
}

export const COLUMN = 158;
const ROW = 30;
const PAD = 18;

interface Datum {
  readonly node: AheadNode | null;
  readonly children: Datum[];
}

/** What this file uses of a node of d3-hierarchy, which comes without types. */
interface Point {
  readonly x: number;
  readonly y: number;
  readonly data: Datum;
  readonly parent: Point | null;
  descendants(): Point[];
}

/** From left to right, a column for each token; siblings stand in the order of `nodes`. */
export function aheadLayout(nodes: readonly AheadNode[]): AheadLayout {
  const data = new Map<number | null, Datum>([[null, { node: null, children: [] }]]);
  for (const node of nodes) {
    const datum: Datum = { node, children: [] };
    data.set(node.key, datum);
    data.get(node.parent)?.children.push(datum);
  }
  const root = hierarchy(data.get(null)!) as Point;
  (tree().nodeSize([ROW, COLUMN]).separation(() => 1) as (root: Point) => void)(root);
  const points = root.descendants();
  const top = Math.min(...points.map((point) => point.x));
  const place = (point: Point) => ({ x: PAD + point.y, y: PAD + point.x - top });
  const deepest = Math.max(...points.map((point) => point.y));
  return {
    root: place(root),
    placed: points.flatMap((point) =>
      point.data.node === null || point.parent === null
        ? []
        : [{ node: point.data.node, ...place(point), from: place(point.parent) }]
    ),
    width: PAD + deepest + COLUMN,
    height: 2 * PAD + Math.max(...points.map((point) => point.x)) - top,
  };
}
