// What is asked about a constraint at a position, and what is answered: plain data that goes between threads.
import type { ConstraintInput } from "../../sampling/constraint_kinds.ts";
import type { ConstraintExpectation, ConstraintNote } from "../../wire/constraint.ts";
import type { TokenSet } from "../tokens/token_set.ts";
import type { SharedVocabulary } from "./shared_vocabulary.ts";

/** A constraint as a request has it. */
export type ConstraintText = Pick<ConstraintInput, "type" | "schema" | "settings">;

export interface PositionQuestion {
  readonly vocabulary: SharedVocabulary;
  readonly constraint: ConstraintText;
  /** The tokens of the constrained text so far. */
  readonly ids: readonly number[];
}

/** What may come next, in words. */
export interface Expected {
  /** The text may end here. */
  readonly mayEnd: boolean;
  readonly expected: readonly ConstraintExpectation[];
  readonly moreExpected: number;
}

/** A text that stays inside the constraint. */
export interface Fitting extends Expected {
  readonly fits: true;
  /** Nothing can follow: an end-of-text token is there, or the text must end and the vocabulary has none. */
  readonly over: boolean;
  /** Nothing but the end can follow. */
  readonly mustEnd: boolean;
  /** The tokens that may come next. */
  readonly mask: TokenSet;
  readonly allowed: number;
  /** The bytes that must come next because nothing else can; the text ends behind them where `ends`. */
  readonly forced: { readonly bytes: Uint8Array; readonly ends: boolean } | null;
  readonly notes: readonly ConstraintNote[];
}

/** A text that leaves the constraint. */
export interface Leaving extends Expected {
  readonly fits: false;
  /** Index of the token that leaves it, and of the byte within. */
  readonly at: number;
  readonly byte: number;
}

export type PositionAnswer = Fitting | Leaving;
