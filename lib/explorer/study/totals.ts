// What a text is worth as a whole, and how its surprise runs.
import { perplexityText } from "../words/format.ts";
import type { Term } from "../words/glossary.ts";
import type { TokenScore } from "../../wire/token.ts";
import { formatAmount } from "../../basics/number_text.ts";
import { formatCoordinate } from "../../basics/round.ts";

export interface Totals {
  /** Tokens that have a score. */
  readonly scored: number;
  /** Natural, of all of them together. */
  readonly logprob: number;
  readonly bitsPerToken: number;
  /** e^(−logprob / scored) */
  readonly perplexity: number;
}

/** Null where no token has a score. */
export function totalsOf(tokens: readonly Partial<TokenScore>[]): Totals | null {
  const scored = tokens.flatMap(({ logprob }) => logprob == null ? [] : [logprob]);
  if (scored.length === 0) return null;
  const logprob = scored.reduce((sum, each) => sum + each, 0);
  return {
    scored: scored.length,
    logprob,
    bitsPerToken: -logprob / Math.LN2 / scored.length,
    perplexity: Math.exp(-logprob / scored.length),
  };
}

/** "log-probability −12.34 nats", "3.56 bits per token", "perplexity 11.8", each with what explains it. */
export function describeTotals(
  { logprob, bitsPerToken, perplexity }: Totals,
): readonly { readonly text: string; readonly term: Term }[] {
  return [
    { text: `log-probability ${formatAmount(logprob)} nats`, term: "log_probability" },
    { text: `${formatAmount(bitsPerToken)} bits per token`, term: "bits_per_token" },
    { text: `perplexity ${perplexityText(perplexity)}`, term: "perplexity" },
  ];
}

/** Of the picture, in its own units. */
export const CURVE = { width: 640, height: 120 } as const;

export interface TextCurve {
  /** Points of SVG polylines; gaps where a token has no score. */
  readonly surprisal: readonly string[];
  readonly entropy: readonly string[];
  /** Bits at the top. */
  readonly top: number;
}

/** Surprisal and entropy in bits along the text. */
export function drawTextCurve(tokens: readonly Partial<TokenScore>[]): TextCurve {
  const of = (key: "surprisal_bits" | "entropy_bits") => tokens.map((token) => token[key] ?? null);
  const [surprisal, entropy] = [of("surprisal_bits"), of("entropy_bits")];
  const finite = [...surprisal, ...entropy].filter((value): value is number => Number.isFinite(value));
  const top = Math.max(1, Math.ceil(Math.max(0, ...finite)));
  return { surprisal: drawLines(surprisal, top), entropy: drawLines(entropy, top), top };
}

function drawLines(values: readonly (number | null)[], top: number): string[] {
  const step = CURVE.width / Math.max(1, values.length - 1);
  const runs: string[][] = [[]];
  values.forEach((value, at) => {
    if (value === null) return void runs.push([]);
    const y = CURVE.height * (1 - Math.min(value, top) / top);
    runs.at(-1)!.push(`${formatCoordinate(at * step, 1)},${formatCoordinate(y, 1)}`);
  });
  return runs.filter((run) => run.length > 0).map((run) => run.join(" "));
}
