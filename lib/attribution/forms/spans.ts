// Lengths that all attention of a graph shares: every layer reads the same rows behind a past of the same length.
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { sizeOf, toScalar } from "./emit.ts";

/** Computed in front of the first attention, once for all layers. */
export interface Spans {
  readonly length: string; // rows that are read now, int64 [1]
  readonly total: string; // with the past, int64 [1]
  readonly rows: string; // absolute positions of the rows, int64 [rows]
  /** What `build` gives, made where it is first asked for. */
  once(key: string, build: () => string): string;
}

/** The spans of queries [batch, heads, rows, width] behind `pastKey` [batch, heads, past, width], which may be "". */
export function spansOf(draft: GraphDraft, queries: string, pastKey: string): Spans {
  const known = new Map<string, string>();
  const length = sizeOf(draft, queries, 2);
  const past = pastKey === "" ? draft.ints([0]) : sizeOf(draft, pastKey, 2);
  const total = draft.op("Add", [past, length]);
  const rows = draft.op("Range", [toScalar(draft, past), toScalar(draft, total), draft.ints([1], [])]);
  return {
    ...{ length, total, rows },
    once: (key, build) => {
      const value = known.get(key) ?? build();
      known.set(key, value);
      return value;
    },
  };
}
