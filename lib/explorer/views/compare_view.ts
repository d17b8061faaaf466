// Two paths side by side, in words and rows: where they part, what each step had for a chance, how far apart the
// distributions are.
import { type PathMark } from "./branch_view.ts";
import type { ComparedPath, Comparison, Divergence } from "./compare.ts";
import { formatPathProbability, formatPercent, formatTokenCount } from "../words/format.ts";
import type { Term } from "../words/glossary.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { joinCharacters } from "../session/path_text.ts";
import { formatAmount } from "../../basics/number_text.ts";

export interface ComparedToken {
  readonly rendering: TokenRendering;
  /** Percent, under the settings it was drawn with. */
  readonly p: string;
  readonly share: number; // the same, 0..1
  /** The first token that the other path does not have. */
  readonly parting: boolean;
}

export interface ComparedSide {
  readonly mark: PathMark;
  readonly name: string;
  /** Something stands before the tokens that are shown. */
  readonly cut: boolean;
  readonly tokens: readonly ComparedToken[];
  /** "7 tokens · 0.310 % · 1.19 bits per token" */
  readonly summary: string;
}

export interface ComparedStep {
  readonly step: number; // from 1
  readonly a: ComparedToken | null;
  readonly b: ComparedToken | null;
}

export interface CompareView {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** Where they part, in a sentence. */
  readonly parting: string;
  readonly facts: readonly { readonly label: string; readonly value: string; readonly term: Term }[];
  /** From the parting on. */
  readonly steps: readonly ComparedStep[];
  readonly stepsLeft: number; // more than are listed
}

/** Tokens that both have, shown before the parting. */
const BEFORE = 3;
const MOST_STEPS = 50;

export interface ComparedNames {
  readonly a: string;
  readonly b: string;
}

/** What the comparison of two paths shows. */
export function compareView(comparison: Comparison, names: ComparedNames): CompareView {
  const [atA, atB] = comparison.sharedSteps;
  const tokensA = tokensOf(comparison.a, atA);
  const tokensB = tokensOf(comparison.b, atB);
  const steps = Array.from({ length: Math.max(tokensA.length - atA, tokensB.length - atB, 0) }, (_, at) => ({
    step: Math.max(atA, atB) + at + 1,
    a: tokensA[atA + at] ?? null,
    b: tokensB[atB + at] ?? null,
  }));
  return {
    a: sideOf("1", names.a, comparison.a, tokensA, atA),
    b: sideOf("2", names.b, comparison.b, tokensB, atB),
    parting: partingOf(comparison, names),
    facts: [
      ...factsOfDivergence("Bars where they part", comparison.atSplit, "divergence"),
      ...factsOfDivergence("Bars one token later", comparison.afterSplit, "divergence_after"),
    ],
    steps: steps.slice(0, MOST_STEPS),
    stepsLeft: Math.max(0, steps.length - MOST_STEPS),
  };
}

function tokensOf({ steps }: ComparedPath, parting: number): ComparedToken[] {
  const tokens = joinCharacters(steps.map((step) => step.record.token));
  return steps.map(({ record }, at) => ({
    rendering: renderToken(tokens[at]!),
    p: formatPercent(record.p),
    share: record.p,
    parting: at === parting,
  }));
}

function sideOf(
  mark: PathMark,
  name: string,
  { steps, logprob, bitsPerToken }: ComparedPath,
  all: readonly ComparedToken[],
  parting: number,
): ComparedSide {
  const from = Math.max(0, parting - BEFORE);
  const parts = [formatTokenCount(steps.length)];
  if (steps.length > 0) parts.push(formatPathProbability(logprob));
  if (bitsPerToken !== null) parts.push(`${formatAmount(bitsPerToken)} bits per token`);
  return { mark, name, cut: from > 0, tokens: all.slice(from), summary: parts.join(" · ") };
}

function partingOf({ a, b, sharedSteps: [atA, atB] }: Comparison, names: ComparedNames): string {
  const [first, second] = [a.steps[atA], b.steps[atB]];
  if (first === undefined && second === undefined) return "Both paths say the same.";
  if (first === undefined) return `${names.b} goes on where ${names.a} ends, after ${formatTokenCount(atA)}.`;
  if (second === undefined) {
    return `${names.a} goes on where ${names.b} ends, after ${formatTokenCount(atB)}.`;
  }
  const chances = `${formatPercent(first.record.p)} % in ${names.a}, ${
    formatPercent(second.record.p)
  } % in ${names.b}`;
  if (atA !== atB) return `Their prompts differ. First different token: ${chances}.`;
  return `They part at step ${atA + 1}: ${chances}.`;
}

function factsOfDivergence(label: string, divergence: Divergence | null, term: Term) {
  if (divergence === null) return [];
  const { ab, ba } = divergence;
  const same = Math.abs(ab) < 5e-4 && Math.abs(ba) < 5e-4;
  const apart = `differ by at least ${formatAmount(ab)} bits (1 ‖ 2), ${formatAmount(ba)} bits (2 ‖ 1)`;
  return [{ label, value: same ? "the same" : apart, term }];
}
