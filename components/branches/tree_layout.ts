// Places of the look-ahead tree's nodes, over d3-hierarchy.
import { hierarchy } from "d3-hierarchy";
import type { AheadNode } from "../../lib/explorer/asking/tree_expansion.ts";

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
const FIRST_COLUMN = 46; // there is only a dot before it
const ROW = 30;
const PAD = 18;

interface Datum {
  readonly node: AheadNode | null;
  readonly children: Datum[];
}

/** What this file uses of a node of d3-hierarchy, which comes without types. */
interface Point {
  readonly data: Datum;
  readonly depth: number;
  readonly parent: Point | null;
  readonly children?: readonly Point[];
  descendants(): Point[];
  eachAfter(visit: (point: Point) => void): void;
}

const columnX = (depth: number) => PAD + (depth === 0 ? 0 : FIRST_COLUMN + (depth - 1) * COLUMN);

/** From left to right, a column for each token; siblings stand in the order of `nodes`, a parent level with its first
 * child: the most probable way is the first row, where reading begins, however long the tree is. */
export function layOutTree(nodes: readonly AheadNode[]): AheadLayout {
  const data = new Map<number | null, Datum>([[null, { node: null, children: [] }]]);
  for (const node of nodes) {
    const datum: Datum = { node, children: [] };
    data.set(node.key, datum);
    data.get(node.parent)?.children.push(datum);
  }
  const root = hierarchy(data.get(null)!) as Point;
  const rows = new Map<Point, number>();
  let leaves = 0;
  root.eachAfter((point) => rows.set(point, point.children ? rows.get(point.children[0]!)! : leaves++));
  const points = root.descendants();
  const place = (point: Point) => ({ x: columnX(point.depth), y: PAD + rows.get(point)! * ROW });
  return {
    root: place(root),
    placed: points.flatMap((point) =>
      point.data.node === null || point.parent === null
        ? []
        : [{ node: point.data.node, ...place(point), from: place(point.parent) }]
    ),
    width: columnX(Math.max(...points.map(({ depth }) => depth)) + 1),
    height: 2 * PAD + (leaves - 1) * ROW,
  };
}
