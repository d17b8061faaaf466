// The numbers of the current path, for those who want to know how probable what they see is.
import { currentTip } from "../session/branches.ts";
import { bitsPerToken, pathLogprob, rootOf } from "../session/tree.ts";
import type { Session } from "../session/types.ts";
import { count, pathProbability, perplexityText } from "../words/format.ts";
import type { Term } from "../words/glossary.ts";
import { amount } from "../../basics/number_text.ts";

export interface PathNumber {
  readonly label: string;
  readonly value: string;
  readonly term: Term;
}

const NONE = "–";

/** What there is to say of the current path; "–" where nothing was appended yet. */
export function pathNumbers({ tree }: Session): readonly PathNumber[] {
  const tip = currentTip(tree);
  const bits = tip === null ? null : bitsPerToken(tip);
  const known = tip !== null && bits !== null && Number.isFinite(bits);
  const prompt = tip === null ? 0 : rootOf(tip).read?.tokens.length ?? 0;
  return [
    {
      label: "Tokens",
      value: `${count(prompt)} + ${count(tip?.depth ?? 0)}`,
      term: "path_tokens",
    },
    {
      label: "Probability",
      value: known ? pathProbability(pathLogprob(tip)) : NONE,
      term: "path_probability",
    },
    {
      label: "Log-probability",
      value: known ? amount(pathLogprob(tip)) : NONE,
      term: "log_probability",
    },
    {
      label: "Bits per token",
      value: known ? amount(bits) : NONE,
      term: "bits_per_token",
    },
    {
      label: "Perplexity",
      value: known ? perplexityText(2 ** bits) : NONE,
      term: "perplexity",
    },
    {
      label: "Paths",
      value: count(tree.branches.length),
      term: "branches",
    },
  ];
}
