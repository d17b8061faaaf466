// Whole choices against each other, as the page shows them.
import type { ChoiceScore, ChoicesResult } from "../../wire/choices.ts";
import { formatBits, formatPercent } from "../words/format.ts";

export interface ChoiceRow {
  readonly text: string;
  /** Length of the bar, 0..1: the share. */
  readonly length: number;
  readonly share: string;
  /** Bits of surprise of a token, on the average. */
  readonly perToken: string;
  /** What the prompt adds to the choice, in bits; "–" where it is not known. */
  readonly pmi: string;
  /** The most probable choice. */
  readonly best: boolean;
  /** The choice that step-wise masking reaches. */
  readonly greedy: boolean;
}

export interface ChoicesView {
  readonly rows: readonly ChoiceRow[];
  /** The greedy trap in a sentence; null: the greedy way leads to the most probable choice. */
  readonly trap: string | null;
  readonly notes: readonly string[];
}

/** The choices as rows: shares in percent, surprise and PMI in bits. */
export function choicesView({ options, best, greedy, trap, warnings }: ChoicesResult): ChoicesView {
  const rows = options.map((option, at): ChoiceRow => ({
    text: option.text,
    length: option.share,
    share: formatPercent(option.share),
    perToken: formatBits(-option.mean_per_token / Math.LN2),
    pmi: option.pmi === null ? "–" : withSign(option.pmi / Math.LN2),
    best: at === best.total,
    greedy: at === greedy.option,
  }));
  const [most, reached] = [rows[best.total]!, rows[greedy.option]!];
  return {
    rows,
    trap: trap
      ? `Greedy trap: token by token the mask leads to “${reached.text}” (${reached.share} %), but ` +
        `“${most.text}” is more probable as a whole (${most.share} %).`
      : null,
    notes: [...notesOf(options, best), ...warnings],
  };
}

/**
 * The list as JSON with a space before each option; null where none is missing: an option has one, or begins with a
 * sign that stands close to a word, or the text before ends in white space.
 */
export function addSpaces({ options }: ChoicesResult, before: string): string | null {
  if (!/[\p{L}\p{N}\p{P}]$/v.test(before)) return null;
  if (options.some(({ text }) => !/^[\p{L}\p{N}]/u.test(text))) return null;
  return JSON.stringify(options.map(({ text }) => ` ${text}`));
}

function notesOf(options: readonly ChoiceScore[], best: ChoicesResult["best"]): string[] {
  const notes: string[] = [];
  const named = (at: number) => `“${options[at]!.text}”`;
  if (best.mean_per_token !== best.total) notes.push(`Per token ${named(best.mean_per_token)} is the best.`);
  if (best.pmi !== null && best.pmi !== best.total) {
    notes.push(`The prompt speaks most for ${named(best.pmi)}.`);
  }
  return notes;
}

/** With its sign, where anything is left of it. */
function withSign(value: number): string {
  const text = formatBits(value);
  return value > 0 && Number(text) > 0 ? `+${text}` : text;
}
