// POST /api/constraint/choices: whole options against the greedy way. Types only.
import type { PreviewInput } from "./preview.ts";
import type { ModelFacts, Timing, Token } from "./token.ts";

/** POST /api/constraint/choices, after validation; the constraint is a multiple_choice. */
export type ChoicesInput = PreviewInput;

/** One option, and what the model thinks of it as a whole. Logarithms are natural. */
export interface ChoiceScore {
  readonly text: string;
  /** The option tokenised alone, as it is appended to the context. */
  readonly tokens: readonly Token[];
  readonly logprobs: readonly number[]; // of each token
  readonly total: number; // their sum: ln P(option | context)
  readonly mean_per_token: number;
  readonly mean_per_byte: number;
  /** P(option) over the sum of all options'. */
  readonly share: number;
  /** ln P(option) after the prior's context: without the prompt; null where there is none. */
  readonly prior_total: number | null;
  /** total − prior_total: pointwise mutual information with the prompt. */
  readonly pmi: number | null;
  /** Longer options that begin with this one, by index. */
  readonly prefix_of: readonly number[];
  /** ln P(the text ends here), where the option is the beginning of a longer one. */
  readonly end_logprob: number | null;
  /** Context and option tokenised together give other ids at their border. */
  readonly joint_tokenisation_differs: boolean;
}

/** What step-wise masking reaches: the most probable allowed token at each step. */
export interface GreedyChoice {
  readonly option: number;
  readonly tokens: readonly Token[];
  readonly logprobs: readonly number[]; // of the model, unmasked
}

export interface ChoicesResult {
  readonly model: ModelFacts;
  readonly options: readonly ChoiceScore[];
  /** The best option, by index, in each order. */
  readonly best: {
    readonly total: number;
    readonly mean_per_token: number;
    readonly mean_per_byte: number;
    readonly pmi: number | null;
  };
  readonly greedy: GreedyChoice;
  /** The greedy trap: step-wise masking ends at another option than the most probable one. */
  readonly trap: boolean;
  /** What the prior was read after; null: the model has nothing that begins a text. */
  readonly prior_tokens: readonly Token[] | null;
  readonly warnings: readonly string[];
  readonly timing: Timing;
}
