// Direct logit attribution: a logit as the sum of what each part of the model wrote towards it. Elhage et al., 2021.
import { fault } from "../../fault.ts";
import type { TapSession } from "../taps/tap_session.ts";
import { OUTPUTS, type TapGraph } from "../taps/tap_graph.ts";
import { GATES, layerGateOf } from "../taps/gates.ts";
import type { Tensor } from "../../ort/types.ts";
import { createFloat32, numbersOf } from "../taps/tensors.ts";
import { requireOnlyToken } from "./only_token.ts";
import { requireFinite } from "./target_value.ts";
import type { Question, Steering } from "./work.ts";
import { formatDecimal } from "../../basics/number_text.ts";

/** A part that writes into the residual stream. */
export interface Part {
  readonly kind: "embedding" | "head" | "attention_bias" | "mlp";
  readonly layer: number | null; // null for the embedding
  readonly head: number | null; // null for all but heads
}

export interface PartValue extends Part {
  readonly value: number;
}

/** A logit, or the difference of two, taken apart. */
export interface LogitSplit {
  readonly parts: readonly PartValue[]; // embedding, then layer by layer: heads, bias, MLP
  readonly constant: number; // what the final normalisation's bias and the head's add, whatever the text
  readonly total: number; // the logit (or difference) that parts and constant add up to
  /** The soft-cap bends what the parts add up to into the model's logit: true where the model has one. */
  readonly softcap: boolean;
  /** What the parts do not explain: 0 but for rounding, unless the model quantises its activations. */
  readonly unexplained: number;
}

const TOLERANCE = 1e-3; // of the largest part: beyond rounding of float32, far below a part left out

/**
 * The split of logit(target), or of logit(target) - logit(rival), with the final normalisation's scale (and that of
 * normalised writes) held at its value on this text. Throws an `unsupported` fault for a span, and where the parts that
 * were found do not add up to the logit.
 */
export async function splitLogit(
  session: TapSession,
  { context, target }: Question,
  { signal }: Steering = {},
): Promise<LogitSplit> {
  const { graph } = session;
  const id = requireOnlyToken(target, "Direct logit attribution");
  const split = [id, target.rival ?? id] as const;
  const heads = await session.heads(signal);
  const results = await session.run({ ids: context, split }, [OUTPUTS.parts], signal);
  const rows = reducePairs(numbersOf(results[OUTPUTS.parts]!), target.rival !== null);
  const [constant = 0, total = 0] = rows.slice(-2);
  const parts = partsOf(graph, heads);
  const values = parts.map((part, i) => ({ ...part, value: requireFinite(rows[i]! - constant) }));
  const sum = values.reduce((all, { value }) => all + value, constant);
  const unexplained = requireFinite(total - sum);
  const largest = values.reduce((most, { value }) => Math.max(most, Math.abs(value)), Math.abs(total));
  if (!graph.quantised && Math.abs(unexplained) > TOLERANCE * largest) {
    throw fault(
      "unsupported",
      `The parts found in this model add up to ${formatDecimal(sum, 3)}, not to the logit ${
        formatDecimal(total, 3)
      }: ` +
        "direct logit attribution does not fit how it is built.",
    );
  }
  return { parts: values, constant, total, softcap: graph.softcap, unexplained };
}

/** What removing parts does. Logits of the whole vocabulary, each [vocabulary]. */
export interface Removal {
  readonly before: Float32Array;
  /** What the split says: the parts' shares taken off, everything else as it was. */
  readonly predicted: Float32Array;
  /** What happens: the parts write zeros, everything behind them is computed anew. */
  readonly after: Float32Array;
}

/**
 * Removes `removed` and compares with what the split predicts. At the last position by default, which is what the split
 * is about; at `everywhere` the parts are silent for the tokens before it too. Throws an `invalid_request` fault for a
 * part that the model does not have.
 */
export async function removeParts(
  session: TapSession,
  context: readonly number[],
  removed: readonly Part[],
  { everywhere = false, signal }: Steering & { readonly everywhere?: boolean } = {},
): Promise<Removal> {
  const { graph } = session;
  const heads = await session.heads(signal);
  const all = partsOf(graph, heads);
  const rows = removed.flatMap((part) => {
    const found = all.flatMap((candidate, row) => isSamePart(candidate, part) ? [row] : []);
    if (found.length > 0) return found;
    throw fault("invalid_request", `The model has no part ${JSON.stringify(part)}.`, "remove");
  });
  const states = [graph.layers, graph.layers + 1];
  const whole = await session.run({ ids: context, states, removed: rows }, [OUTPUTS.logits], signal);
  const logits = whole[OUTPUTS.logits]!.data as Float32Array;
  const gates = gatesOf(removed, heads, everywhere ? 1 : context.length);
  const without = await session.run({ ids: context, gates }, [OUTPUTS.logits], signal);
  const vocabulary = logits.length / 2;
  return {
    before: logits.slice(0, vocabulary),
    predicted: logits.slice(vocabulary),
    after: without[OUTPUTS.logits]!.data as Float32Array,
  };
}

/** The parts in the order of their rows. */
function partsOf({ parts }: TapGraph, heads: readonly number[]): Part[] {
  return parts.flatMap(({ kind, layer }): Part[] => {
    if (kind !== "heads") return [{ kind, layer, head: null }];
    return Array.from({ length: heads[layer!]! }, (_, head) => ({ kind: "head", layer, head }));
  });
}

/** Gates that blank `removed` at the last of `rows` positions; 1 row stands for all. */
function gatesOf(removed: readonly Part[], heads: readonly number[], rows: number): Record<string, Tensor> {
  const gates: Record<string, Tensor> = {};
  const gate = (name: string, columns: number, blanked: readonly number[]) => {
    gates[name] = createFloat32([1, rows, columns], (index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      return row === rows - 1 && blanked.includes(column) ? 0 : 1;
    });
  };
  if (removed.some(({ kind }) => kind === "embedding")) gate(GATES.embedding, 1, [0]);
  heads.forEach((count, layer) => {
    const own = removed.filter((part) => part.layer === layer);
    const column = ({ kind, head }: Part) => kind === "head" ? head! : kind === "mlp" ? count + 1 : count;
    if (own.length > 0) gate(layerGateOf(layer), count + 2, own.map(column));
  });
  return gates;
}

function isSamePart(a: Part, b: Part): boolean {
  return a.kind === b.kind && a.layer === b.layer && a.head === b.head;
}

/** The first of each pair, or first minus second. */
function reducePairs(values: readonly number[], difference: boolean): number[] {
  return Array.from(
    { length: values.length / 2 },
    (_, row) => values[2 * row]! - (difference ? values[2 * row + 1]! : 0),
  );
}
