// Constraints as they travel: what one does at a position, and POST /api/constraint/check. Types only.
import type { ConstraintSettings, ConstraintType } from "../sampling/constraint_kinds.ts";

/** A part of a constraint, and where it is written. */
export interface ConstraintPlace {
  /** The rule, property or part, by name. */
  readonly rule: string;
  /** In the constraint's text, in UTF-16 units; null where only a pointer tells. */
  readonly from: number | null;
  readonly to: number | null;
  /** JSON pointer into a schema. */
  readonly pointer: string | null;
}

/** One thing that may come next. */
export interface ConstraintExpectation extends ConstraintPlace {
  /** A text in quotes where only one text can follow in this part, else the characters: "a digit". */
  readonly what: string;
  /** Some of this part's text is there already. */
  readonly begun: boolean;
}

/** What a constraint does not hold, and how it is read where its notation leaves that open. */
export interface ConstraintNote {
  readonly message: string;
  readonly pointer: string | null;
}

/** What must come next because nothing else can. */
export interface ForcedStretch {
  readonly text: string;
  /** `text` as the tokenizer writes it: what force_text appends. */
  readonly ids: readonly number[];
  /** The text is over behind it. */
  readonly ends: boolean;
}

/** What a constraint does at one position: `DistResult.constraint`. */
export interface ConstraintState {
  /** The text so far is whole: an end-of-text token is allowed. */
  readonly may_end: boolean;
  /** Nothing but the end is possible. */
  readonly must_end: boolean;
  readonly allowed: number; // tokens, those that end the text included
  /** What the mask took away of the probability that came to it. */
  readonly masked_mass: number;
  /** Kullback-Leibler divergence of the masked distribution from the one before: −log2(1 − masked_mass). */
  readonly kl_bits: number;
  readonly forced: ForcedStretch | null;
  /** None of the allowed tokens continues the text as the tokenizer itself would write it. */
  readonly only_unusual: boolean;
  readonly expected: readonly ConstraintExpectation[];
  /** Expectations that are left out of a long list. */
  readonly more_expected: number;
  readonly notes: readonly ConstraintNote[];
}

/** POST /api/constraint/check, after validation. */
export interface ConstraintCheckInput {
  readonly type: ConstraintType;
  readonly schema: string;
  readonly settings?: ConstraintSettings | undefined;
  /** A text to be read with the constraint. */
  readonly text: string | null;
}

/** Why a constraint cannot be used; line and column count from 1, in UTF-16 units. */
export interface ConstraintError {
  readonly message: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly pointer?: string | undefined;
}

/** How far a text goes with a constraint. */
export interface CheckedText {
  /** A text of the constraint begins with it. */
  readonly possible: boolean;
  /** It is one. */
  readonly complete: boolean;
  /** The first byte (of its UTF-8) that cannot be; null: all can. */
  readonly failed_at: number | null;
  /** It could have ended at that byte, or behind the text. */
  readonly may_end: boolean;
  /** What may come at that byte, or behind the text. */
  readonly expected: readonly ConstraintExpectation[];
  readonly more_expected: number;
  /** Where in the constraint that is. */
  readonly where: readonly ConstraintPlace[];
}

export interface ConstraintCheckResult {
  readonly ok: boolean;
  readonly error?: ConstraintError | undefined; // where ok is false
  readonly text?: CheckedText | undefined; // where a text was sent
  readonly notes: readonly ConstraintNote[];
}
