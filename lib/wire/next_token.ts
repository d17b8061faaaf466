// POST /api/next-token: one distribution. Types only.
import type { ForModel, ModelIdentity, Timing } from "./token.ts";

/** POST /api/next-token, after validation: exactly one of `text` and `ids` counts (`ids` wins). */
export interface NextTokenInput extends ForModel {
  readonly text: string | null;
  readonly ids: readonly number[] | null;
  readonly top_k: number;
  readonly temperature: number;
}

export interface Candidate {
  readonly token: string; // exact text, U+FFFD where the bytes alone are no text
  readonly prob: number; // rounded to 6 decimals
  readonly id: number;
  readonly logprob: number | null; // natural, unrounded; null = probability 0
  readonly bytes: readonly number[];
  readonly display: string;
  readonly special: boolean;
}

/** The answer of POST /api/next-token. */
export interface NextTokenResult extends ModelIdentity {
  readonly candidates: readonly Candidate[];
  readonly sampled: string;
  readonly sampled_id: number;
  readonly warning: string | null;
  readonly inputs: readonly (number | "...")[];
  readonly logits: readonly (number | null | "...")[];
  readonly ids: readonly number[];
  // null where an engine lists too few tokens to tell:
  readonly entropy_bits: number | null;
  readonly effective_choices: number | null; // 2 ^ entropy
  readonly mass_90_count: number | null; // tokens, most probable first, that hold 90 % of the probability
  readonly eos_prob: number;
  readonly eos: boolean; // the context already ends with an end-of-text token
  readonly other_prob: number;
  readonly vocab_size: number;
  readonly context_length: number;
  readonly model: string;
  readonly timing_ms: number;
  readonly timing: Timing;
}
