// The bars as the page shows them: plain values, lengths in 0..1 of the axis.
import type { Candidate, NextTokenResult } from "../api/wire.ts";
import { isCurrent, isFull } from "./ask.ts";
import { axisEnd, count, measure, percent, tokens } from "./format.ts";
import { lookOf, type TokenLook } from "./look.ts";
import { canAppend } from "./session.ts";
import type { Session } from "./types_v1.ts";

export interface RowView {
  readonly id: number;
  readonly rank: number;
  readonly look: TokenLook;
  readonly percent: string;
  readonly precise: string; // percent with two decimals, for the table
  readonly logprob: string;
  /** Length of the bar, 0..1 of the axis. */
  readonly length: number;
  readonly chosen: boolean;
}

export interface SummaryItem {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly hint: string;
}

export interface DistributionView {
  readonly hint: string;
  /** Changes with every distribution. */
  readonly serial: number;
  /** The bars belong to an older text or setting: they are dimmed and cannot be appended. */
  readonly stale: boolean;
  readonly appendable: boolean;
  readonly rows: readonly RowView[];
  /** The tokens that have no row; `beyond`: their bar is longer than the axis. */
  readonly other: {
    readonly label: string;
    readonly percent: string;
    readonly length: number;
    readonly beyond: boolean;
  };
  /** Labels of the axis at 0, 1/2 and 1. */
  readonly axis: readonly [string, string, string];
  readonly summary: readonly SummaryItem[];
}

function hintOf(session: Session): string {
  if (session.path?.ended) return "End of text. Choose another bar to go on from here.";
  if (isFull(session)) return "The context is full.";
  return "Click a bar to append it.";
}

function rowView(candidate: Candidate, at: number, end: number, chosen: number | null): RowView {
  // `prob` is rounded to 6 decimals: what is smaller is still not impossible.
  const probability = candidate.prob || (candidate.logprob === null ? 0 : Math.exp(candidate.logprob));
  return {
    id: candidate.id,
    rank: at + 1,
    look: lookOf({ ...candidate, text: candidate.token }),
    percent: percent(probability),
    precise: percent(probability, 2),
    logprob: candidate.logprob === null ? "−∞" : candidate.logprob.toFixed(2).replace("-", "−"),
    length: Math.min(1, candidate.prob / end),
    chosen: candidate.id === chosen,
  };
}

function summaryOf(result: NextTokenResult): SummaryItem[] {
  return [
    {
      label: "Entropy",
      value: result.entropy_bits.toFixed(1),
      unit: "bits",
      hint: "How open the choice is. 0 bits: one token is certain.",
    },
    {
      label: "Effective choices",
      value: measure(result.effective_choices),
      unit: "",
      hint: "As uncertain as a fair draw among this many tokens.",
    },
    {
      label: "90 % of mass",
      value: count(result.mass_90_count),
      unit: result.mass_90_count === 1 ? "token" : "tokens",
      hint: "How many tokens, most probable first, share 90 % of the probability.",
    },
    {
      label: "End of text",
      value: percent(result.eos_prob),
      unit: "%",
      hint: "Probability that the model ends its text here.",
    },
  ];
}

/** The bars, the table and the summary line of an answer. */
export function distributionView(session: Session, result: NextTokenResult): DistributionView {
  const end = axisEnd(result.candidates[0]?.prob ?? 1);
  const ended = session.path?.ended ? session.path.completion.at(-1) : undefined;
  const label = (share: number) => String(Number((share * end * 100).toFixed(1)));
  const rest = result.vocab_size - result.candidates.length;
  return {
    hint: hintOf(session),
    serial: session.answer?.number ?? 0,
    stale: !isCurrent(session),
    appendable: canAppend(session),
    rows: result.candidates.map((candidate, at) => rowView(candidate, at, end, ended?.pill.id ?? null)),
    other: {
      label: `Other (${tokens(rest)})`,
      percent: percent(result.other_prob),
      length: Math.min(1, result.other_prob / end),
      beyond: result.other_prob > end,
    },
    axis: ["0", label(0.5), `${label(1)} %`],
    summary: summaryOf(result),
  };
}
