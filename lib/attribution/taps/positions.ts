// Values by position: [batch, rows, width], whatever shape an exporter keeps them in.
import type { GraphDraft } from "../../onnx/graph_draft.ts";
import { buildInFront, concat } from "../forms/emit.ts";

/** Gives values of the graph by position; `ids` is the input [batch, rows]. */
export interface Positions {
  /** `value` as [batch, rows, width]. */
  rows(value: string): string;
  /** Its last position, [batch, 1, width]; made once for each value. */
  last(value: string): string;
  /** Puts nodes between `value` and its readers; `build` gets it as [batch, rows, width] and gives the same shape. */
  change(value: string, build: (rows: string) => string): void;
}

/** Values of the draft by position; `ids` is the name of the input [batch, rows]. */
export function createPositions(draft: GraphDraft, ids: string): Positions {
  const lasts = new Map<string, string>();
  const shape = buildInFront(draft, () => concat(draft, [draft.op("Shape", [ids]), draft.ints([-1])], 0));
  const rows = (value: string) => draft.op("Reshape", [value, shape]);
  const last = (value: string) => {
    const known = lasts.get(value);
    if (known !== undefined) return known;
    const made = draft.op("Gather", [rows(value), draft.ints([-1])], { attributes: { axis: 1n } });
    lasts.set(value, made);
    return made;
  };
  return {
    rows,
    last,
    change: (value, build) =>
      draft.interpose(value, (before) => {
        const changed = build(rows(before));
        draft.op("Reshape", [changed, draft.op("Shape", [before])], { outputs: [value] });
      }),
  };
}
