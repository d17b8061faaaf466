// The numbers of the current path, for those who want to know how probable what they see is.
import { currentTip } from "../session/branches.ts";
import { bitsPerTokenOf, pathLogprobOf, rootOf } from "../session/tree.ts";
import type { Session } from "../session/types.ts";
import { formatCount, formatPathProbability, perplexityText } from "../words/format.ts";
import type { Term } from "../words/glossary.ts";
import { formatAmount } from "../../basics/number_text.ts";

export interface PathNumber {
  readonly label: string;
  readonly value: string;
  readonly term: Term;
}

const NONE = "–";

/** What there is to say of the current path; "–" where nothing was appended yet. */
export function numbersOfPath({ tree }: Session): readonly PathNumber[] {
  const tip = currentTip(tree);
  const bits = tip === null ? null : bitsPerTokenOf(tip);
  const known = tip !== null && bits !== null && Number.isFinite(bits);
  const prompt = tip === null ? 0 : rootOf(tip).read?.tokens.length ?? 0;
  return [
    {
      label: "Tokens",
      value: `${formatCount(prompt)} + ${formatCount(tip?.depth ?? 0)}`,
      term: "path_tokens",
    },
    {
      label: "Probability",
      value: known ? formatPathProbability(pathLogprobOf(tip)) : NONE,
      term: "path_probability",
    },
    {
      label: "Log-probability",
      value: known ? formatAmount(pathLogprobOf(tip)) : NONE,
      term: "log_probability",
    },
    {
      label: "Bits per token",
      value: known ? formatAmount(bits) : NONE,
      term: "bits_per_token",
    },
    {
      label: "Perplexity",
      value: known ? perplexityText(2 ** bits) : NONE,
      term: "perplexity",
    },
    {
      label: "Paths",
      value: formatCount(tree.branches.length),
      term: "branches",
    },
  ];
}
