// Two readings of the same text, token by token: how much likelier each token is to one, and how far their expectations
// are apart.
import type { ScoredToken } from "../../wire/token.ts";
import { measureDivergence } from "../views/compare.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { csvText, escapeFormula } from "../words/csv.ts";
import type { Reading } from "./reading.ts";
import { formatAmount, formatSignedAmount } from "../../basics/number_text.ts";

/** A stretch of the text that both readings end at: with one tokenizer a token. */
export interface LockstepRow {
  readonly text: string;
  readonly rendering: TokenRendering;
  /** Natural log-probabilities of the stretch; null where a reading has none. */
  readonly a: number | null;
  readonly b: number | null;
  /** a − b. */
  readonly difference: number | null;
  /** KL(A ‖ B) in bits, from below; null where their tokens differ or it was not asked. */
  readonly kl: number | null;
}

export interface Lockstep {
  readonly rows: readonly LockstepRow[];
  /** Sum of the differences. */
  readonly difference: number;
  /** Mean of the divergences in bits; null where there are none. */
  readonly kl: number | null;
}

/** With one tokenizer the bytes count: a text that ends inside a character reads like one that ends with U+FFFD. */
function haveSameText(a: Reading, b: Reading): boolean {
  const bytesOf = ({ tokens }: Reading) => tokens.flatMap(({ bytes }) => bytes).join();
  return a.text === b.text && (a.tokenizerKey !== b.tokenizerKey || bytesOf(a) === bytesOf(b));
}

/** Null where the readings are of different texts. */
export function lockstepOf(a: Reading, b: Reading): Lockstep | null {
  if (!haveSameText(a, b)) return null;
  const idsOf = ({ tokens }: Reading) => tokens.map(({ id }) => id).join();
  const same = a.tokenizerKey === b.tokenizerKey && idsOf(a) === idsOf(b);
  const rows = pairStretches(a.tokens, b.tokens).map(([tokensA, tokensB], at): LockstepRow => {
    const text = tokensA.map((token) => token.text).join("");
    const [sumA, sumB] = [sumOf(tokensA), sumOf(tokensB)];
    const [distA, distB] = [a.dists[at], b.dists[at]];
    return {
      text,
      rendering: renderToken({
        ...tokensA[0]!,
        text,
        display: tokensA.map(({ display }) => display).join(""),
      }),
      ...{ a: sumA, b: sumB, difference: sumA === null || sumB === null ? null : sumA - sumB },
      kl: same && distA && distB ? measureDivergence(distA, distB, "raw") : null,
    };
  });
  const known = rows.flatMap(({ kl }) => kl === null ? [] : [kl]);
  return {
    rows,
    difference: rows.reduce((sum, { difference }) => sum + (difference ?? 0), 0),
    kl: known.length === 0 ? null : known.reduce((sum, kl) => sum + kl, 0) / known.length,
  };
}

function sumOf(tokens: readonly ScoredToken[]): number | null {
  if (tokens.length === 0 || tokens.some(({ logprob }) => logprob == null)) return null;
  return tokens.reduce((sum, { logprob }) => sum + logprob!, 0);
}

type Stretch = readonly [a: readonly ScoredToken[], b: readonly ScoredToken[]];

/** The shortest runs of tokens on both sides that write the same characters. */
function pairStretches(a: readonly ScoredToken[], b: readonly ScoredToken[]): Stretch[] {
  const found: Stretch[] = [];
  let [atA, atB, fromA, fromB, charsA, charsB] = [0, 0, 0, 0, 0, 0];
  while (atA < a.length || atB < b.length) {
    const takeA = charsA <= charsB && atA < a.length || atB >= b.length;
    if (takeA) charsA += a[atA++]!.text.length;
    else charsB += b[atB++]!.text.length;
    if (charsA !== charsB || atA === fromA || atB === fromB) continue;
    found.push([a.slice(fromA, atA), b.slice(fromB, atB)]);
    [fromA, fromB] = [atA, atB];
  }
  return found;
}

/** "+1.23 nats in all for A · the bars differ by at least 0.42 bits per position" */
export function lockstepText({ difference, kl }: Lockstep): string {
  const favoured = Math.abs(difference) < 0.005
    ? "as likely to both"
    : difference > 0
    ? "likelier to A"
    : "likelier to B";
  const divergence = kl === null
    ? ""
    : ` · the bars differ by at least ${formatAmount(kl)} bits per position`;
  return `A − B: ${formatSignedAmount(difference)} nats, ${favoured}${divergence}`;
}

/** Two readings token by token as CSV. */
export function lockstepCsv({ rows }: Lockstep): string {
  const head = ["position", "text", "logprob_a", "logprob_b", "difference", "kl_bits_at_least"];
  return csvText(
    head,
    rows.map(({ text, a, b, difference, kl }, at) => [at, escapeFormula(text), a, b, difference, kl]),
  );
}
