// What the page and its constraint worker say to each other. Types only.
import type { DrawnAutomaton } from "../../constraints/explain/automaton.ts";
import type { ConstraintSettings, ConstraintType } from "../../sampling/constraint_kinds.ts";

/** A constraint as it is written. */
export interface Written {
  readonly type: ConstraintType;
  readonly schema: string;
  readonly settings?: ConstraintSettings | undefined;
}

/** A stretch of a constraint's text, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Why a constraint cannot be used. */
export interface Problem {
  readonly message: string;
  /** "Line 4, column 24"; null where no place is to blame. */
  readonly place: string | null;
  /** JSON pointer into a schema. */
  readonly pointer: string | null;
  readonly span: Span | null;
}

export interface Refused {
  readonly refused: Problem;
}

/** What the check of a valid constraint tells. */
export interface Valid {
  /** What is in a schema and not held. */
  readonly notes: readonly string[];
  /** How many options a choice has; null for other kinds. */
  readonly options: number | null;
  /** Of a regular expression that is small enough to be drawn. */
  readonly automaton: DrawnAutomaton | null;
}

/** One thing that may come next, and the part of the constraint that asks for it. */
export interface Expected {
  readonly what: string;
  /** The part's name: a rule, an option. */
  readonly rule: string;
  readonly pointer: string | null;
  readonly begun: boolean;
  readonly span: Span | null;
}

/** How far some bytes go. */
export interface Reading {
  /** Index of the first byte that cannot be; null: all can. */
  readonly failedAt: number | null;
  /** The text may end there. */
  readonly mayEnd: boolean;
  /** What may come there: at the byte that fails, or behind the last one. */
  readonly expected: readonly Expected[];
}

export interface Position extends Reading {
  /** State of the automaton, as its drawing numbers them. */
  readonly state: number;
}

/** The questions, by kind, and what is answered. */
export interface Questions {
  /** Can it be used? */
  readonly check: { readonly asks: Record<never, never>; readonly answer: Valid };
  /** Where does the text stand whose bytes are `path`? */
  readonly position: { readonly asks: { readonly path: readonly number[] }; readonly answer: Position };
  /** How far do the bytes of a token go behind that text? */
  readonly token: {
    readonly asks: { readonly path: readonly number[]; readonly token: readonly number[] };
    readonly answer: Reading;
  };
}

export type QuestionKind = keyof Questions;
export type Question<K extends QuestionKind = QuestionKind> = {
  [Kind in K]: { readonly kind: Kind; readonly written: Written } & Questions[Kind]["asks"];
}[K];
export type Answer<K extends QuestionKind = QuestionKind> = Questions[K]["answer"] | Refused;

export interface Asked {
  readonly id: number;
  readonly question: Question;
}

/** What the worker says: that it is there, then one answer for each question. */
export type FromWorker = { readonly started: true } | Answered;

export interface Answered {
  readonly id: number;
  readonly answer: Answer;
}
