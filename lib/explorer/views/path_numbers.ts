// The numbers of the current path, for those who want to know how probable what they see is.
import { currentTip } from "../session/branches.ts";
import { bitsPerToken, pathLogprob, rootOf } from "../session/tree.ts";
import type { Session } from "../session/types.ts";
import { count } from "../words/format.ts";
import { pathProbability } from "./branch_view.ts";

export interface PathNumber {
  readonly label: string;
  readonly value: string;
  /** What it is, in a sentence. */
  readonly hint: string;
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
      hint: "Of the prompt, and what was appended to it.",
    },
    {
      label: "Probability",
      value: known ? pathProbability(pathLogprob(tip)) : NONE,
      hint: "That the model itself goes on with exactly these tokens: all their probabilities multiplied.",
    },
    {
      label: "Log-probability",
      value: known ? pathLogprob(tip).toFixed(2).replace("-", "−") : NONE,
      hint: "Its natural logarithm: the sum over the appended tokens.",
    },
    {
      label: "Bits per token",
      value: known ? bits.toFixed(2) : NONE,
      hint: "How surprising each appended token is on average. 0 bits: the model was certain of all of them.",
    },
    {
      label: "Perplexity",
      value: known ? (2 ** bits).toFixed(2) : NONE,
      hint: "As surprising as a fair draw among so many tokens each time.",
    },
    {
      label: "Paths",
      value: count(tree.branches.length),
      hint: "Kept on this page. More controls, Branches, shows them all.",
    },
  ];
}
