// Changed versions of one context, computed in batches behind the part of it that did not change.
import type { Tensor } from "../../ort/types.ts";
import { GATES } from "../taps/gates.ts";
import { cutFirstTokens } from "../taps/pieces.ts";
import type { TapSession } from "../taps/tap_session.ts";
import { createFloat32 } from "../taps/tensors.ts";
import type { Target } from "../types.ts";
import { scoredIdsOf, targetValues, VALUE_OUTPUTS } from "./target_value.ts";
import type { Steering } from "./work.ts";

/** A changed context. */
export interface Variant {
  readonly ids: readonly number[];
  /** The first position that differs from the context, or whose embedding or value is blanked. */
  readonly from: number;
  /** Positions whose token embedding, or whose value vectors in every layer, are zero. */
  readonly blank?: { readonly what: "token" | "value"; readonly positions: readonly number[] };
}

/** Tokens that one run reads at most. */
const BATCH_TOKENS = 128;

interface Batch {
  readonly shared: number; // tokens that all variants have in common with the context, unchanged
  readonly rows: readonly number[]; // indices of the variants
}

/** The target's value after the context itself and after every variant of it. */
export async function measureVariants(
  session: TapSession,
  context: readonly number[],
  variants: readonly Variant[],
  step: { readonly id: number; readonly target: Target },
  { signal, progress }: Steering = {},
): Promise<{ readonly base: number; readonly values: readonly number[] }> {
  const { target } = step;
  const scored = scoredIdsOf(step.id, target);
  const presents = session.graph.layout.slots.map((slot) => slot.output);
  const first = await session.run({ ids: context, scored }, [...VALUE_OUTPUTS, ...presents], signal);
  const [base = NaN] = targetValues(first, target);
  const values = new Array<number>(variants.length);
  const batches = batchVariants(session, variants);
  const total = context.length + batches.reduce((sum, batch) => sum + tokensOf(batch, variants), 0);
  let done = context.length;
  for (const batch of batches) {
    progress?.(done, total);
    const rows = batch.rows.map((row) => variants[row]!);
    const run = {
      ids: rows.flatMap(({ ids }) => ids.slice(batch.shared)),
      batch: rows.length,
      scored,
      gates: gatesOf(rows, batch.shared),
      ...batch.shared === 0 ? {} : { past: cutFirstTokens(session.graph, first, batch.shared) },
    };
    const found = targetValues(await session.run(run, VALUE_OUTPUTS, signal), target);
    batch.rows.forEach((row, i) => values[row] = found[i]!);
    done += tokensOf(batch, variants);
  }
  progress?.(total, total);
  return { base, values };
}

/** How many tokens the model reads for the context and these variants: what they cost. */
export function countVariantTokens(length: number, variants: readonly Variant[]): number {
  return length + batchesOf(variants).reduce((sum, batch) => sum + tokensOf(batch, variants), 0);
}

function tokensOf({ rows, shared }: Batch, variants: readonly Variant[]): number {
  return rows.length * (variants[rows[0]!]!.ids.length - shared);
}

/** Where one scale holds for all that a run reads, every variant by itself; without a cache nothing is shared. */
function batchVariants({ graph }: TapSession, variants: readonly Variant[]): Batch[] {
  if (graph.scaledByRun) return variants.map((_, row) => ({ shared: 0, rows: [row] }));
  const hasCache = graph.layout.slots.length > 0;
  return batchesOf(hasCache ? variants : variants.map((variant) => ({ ...variant, from: 0 })));
}

/** Variants of equal length that change at about the same place go together. */
function batchesOf(variants: readonly Variant[]): Batch[] {
  const order = [...variants.keys()].sort((a, b) =>
    variants[a]!.ids.length - variants[b]!.ids.length || variants[a]!.from - variants[b]!.from
  );
  const batches: { shared: number; rows: number[] }[] = [];
  for (const row of order) {
    const { ids, from } = variants[row]!;
    const open = batches.at(-1);
    const fits = open !== undefined && variants[open.rows[0]!]!.ids.length === ids.length &&
      (open.rows.length + 1) * (ids.length - open.shared) <= BATCH_TOKENS;
    if (fits) open.rows.push(row);
    else batches.push({ shared: Math.min(from, ids.length - 1), rows: [row] }); // one token is read at least
  }
  return batches;
}

function gatesOf(rows: readonly Variant[], shared: number): Record<string, Tensor> {
  const [{ ids, blank } = { ids: [], blank: undefined }] = rows;
  if (blank === undefined) return {};
  const keep = (offset: number, length: number) => (index: number) => {
    const { blank: own } = rows[Math.floor(index / length)]!;
    return own?.positions.includes(index % length + offset) ? 0 : 1;
  };
  const length = ids.length - shared;
  if (blank.what === "token") {
    return { [GATES.token]: createFloat32([rows.length, length, 1], keep(shared, length)) };
  }
  return { [GATES.value]: createFloat32([rows.length, 1, 1, ids.length], keep(0, ids.length)) };
}
