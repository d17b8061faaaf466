// Many draws from the distribution that is shown: how often each token comes, beside how often it should.
import { uniformAt } from "../../sampling/rng.ts";
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import { formatPercent, formatShortNumber } from "../words/format.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { orderTokens } from "../views/dist_rows.ts";
import { formatDecimal } from "../../basics/number_text.ts";

/** How often each token was drawn; null: all that have no row together. */
export type Counts = ReadonlyMap<number | null, number>;

/** `count` independent draws. Each number u in [0, 1) is looked up in the tokens side by side, the most probable first,
 * as a step does it; the same seed gives the same draws. */
export function drawMany(dist: DistResult, seed: number, count: number): Counts {
  const { kept } = orderTokens(dist);
  const counts = new Map<number | null, number>();
  for (let n = 0; n < count; n++) {
    const id = findToken(kept, uniformAt(seed, n));
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function findToken(
  kept: readonly { readonly id: number; readonly p_final: number }[],
  u: number,
): number | null {
  let end = 0;
  for (const { id, p_final } of kept) {
    end += p_final;
    if (u < end) return id;
  }
  return null;
}

export interface DrawsRow {
  readonly id: number | null;
  readonly rendering: TokenRendering | null; // null: all others
  readonly drawn: number;
  /** count × p: "26.3" */
  readonly expected: string;
  /** The standard deviation of a count, √(count · p · (1 − p)): "4.4" */
  readonly spread: string;
}

/** A row a token, and one for all others. */
export function tabulateDraws(dist: DistResult, counts: Counts, count: number): DrawsRow[] {
  const { kept } = orderTokens(dist);
  const row = (id: number | null, rendering: TokenRendering | null, p: number): DrawsRow => ({
    ...{ id, rendering, drawn: counts.get(id) ?? 0 },
    expected: formatDecimal(count * p, 1),
    spread: formatDecimal(Math.sqrt(count * p * (1 - p)), 1),
  });
  const rows = kept.map((token) => row(token.id, renderToken(token), token.p_final));
  const rest = Math.max(0, 1 - kept.reduce((sum, { p_final }) => sum + p_final, 0));
  return rest > 0 ? [...rows, row(null, null, rest)] : rows;
}

export interface SoftmaxRow {
  readonly id: number;
  readonly rendering: TokenRendering;
  /** As the model gave it. */
  readonly logit: string;
  /** Divided by the temperature, from the largest: never above 0. */
  readonly scaled: string;
  /** e to the power of that. */
  readonly power: string;
  /** Divided by the sum of all, in percent. */
  readonly share: string;
}

export interface SoftmaxTable {
  readonly rows: readonly SoftmaxRow[];
  /** Σ over the whole vocabulary of the powers. */
  readonly sum: string;
  /** The temperature that is divided by: 1 where penalties or biases change more than a temperature could. */
  readonly temperature: number;
}

/** From logits to probabilities: p = e^((z − max z) / T) / Σ. The sum over the whole vocabulary is 1 / p of the most
 * probable token. Null where no logits are told. */
export function tabulateSoftmax(dist: DistResult, temperature: number): SoftmaxTable | null {
  const known = dist.tokens.filter((token) => token.logit !== null)
    .sort((a, b) => b.logit! - a.logit! || a.id - b.id);
  const [first] = known;
  if (first === undefined || first.p_raw <= 0) return null;
  const scaledBy = (heat: number) => ({ logit }: DistToken) => (logit! - first.logit!) / heat;
  // Only where every listed token's share is what the temperature alone makes of its logit.
  const alone = temperature > 0 && first.p_base > 0 && known.every((token) => {
    const expected = first.p_base * Math.exp(scaledBy(temperature)(token));
    return Math.abs(token.p_base - expected) <= 1e-3 * expected + 1e-9;
  });
  const heat = alone ? temperature : 1;
  const sum = 1 / (alone ? first.p_base : first.p_raw);
  const rows = known.map((token) => {
    const scaled = scaledBy(heat)(token);
    return {
      ...{ id: token.id, rendering: renderToken(token), logit: formatDecimal(token.logit!, 2) },
      ...{ scaled: formatDecimal(scaled, 2), power: formatShortNumber(Math.exp(scaled), 3) },
      share: formatPercent(Math.exp(scaled) / sum),
    };
  });
  return { rows, sum: formatShortNumber(sum, 3), temperature: heat };
}
