// A look-ahead tree as areas: every continuation has an area of its joint probability, the whole is 1. Over
// d3-hierarchy.
import { hierarchy, treemap } from "d3-hierarchy";
import type { AheadNode, AheadTree } from "../../lib/explorer/asking/tree_expansion.ts";

export interface Area {
  /** The last node of a continuation; null: what is not listed or not explored behind `parent`. */
  readonly node: AheadNode | null;
  readonly parent: number | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const MAP = { width: 600, height: 360 } as const;

interface Datum {
  readonly node: AheadNode | null;
  readonly parent: number | null;
  readonly value: number;
  readonly children: Datum[];
}

/** What this file uses of d3-hierarchy, which comes without types. */
interface Tile {
  readonly data: Datum;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  leaves(): Tile[];
}

/** Narrower areas are left out: too small to see or press. */
const LEAST = 3;

export function layOutTreemap({ nodes }: AheadTree): Area[] {
  const root: Datum = { node: null, parent: null, value: 0, children: [] };
  const data = new Map<number | null, Datum>([[null, root]]);
  const left = new Map<number | null, number>([[null, 1]]);
  for (const node of nodes) {
    const { key, parent, probability, state } = node;
    const value = state === "expanded" ? 0 : probability;
    const datum: Datum = { node, parent, value, children: [] };
    data.set(key, datum);
    data.get(parent)?.children.push(datum);
    left.set(parent, (left.get(parent) ?? 0) - probability);
    if (state === "expanded") left.set(key, probability);
  }
  for (const [parent, value] of left) {
    if (value > 0) data.get(parent)?.children.push({ node: null, parent, value, children: [] });
  }
  const summed = hierarchy(root).sum((datum: Datum) => datum.children.length > 0 ? 0 : datum.value);
  const tiles: Tile = treemap().size([MAP.width, MAP.height]).paddingInner(1)(summed);
  return tiles.leaves().map(({ data: { node, parent }, x0, x1, y0, y1 }) => ({
    ...{ node, parent, x: x0, y: y0, width: x1 - x0, height: y1 - y0 },
  })).filter(({ width, height }) => width >= LEAST && height >= LEAST);
}
