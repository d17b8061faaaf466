// A grammar's text as a tree, the same for both notations.
import type { CodePointRange } from "../ir/utf8.ts";

/** Offsets [from, to) in the source, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Part =
  & Span
  & (
    | { readonly kind: "literal"; readonly text: string; readonly ignoreCase: boolean }
    | { readonly kind: "set"; readonly ranges: readonly CodePointRange[] }
    /** An ECMAScript pattern that begins at the offset `at`. */
    | { readonly kind: "pattern"; readonly pattern: string; readonly at: number; readonly flags: string }
    | { readonly kind: "name"; readonly name: string }
    /** A JSON schema that begins at `from`. */
    | { readonly kind: "schema"; readonly schema: string }
    | { readonly kind: "seq" | "choice" | "and"; readonly of: readonly Part[] }
    | { readonly kind: "not"; readonly of: Part }
    | { readonly kind: "repeat"; readonly of: Part; readonly min: number; readonly max: number }
  );

export interface Definition extends Span {
  readonly name: string;
  /** It is one piece of text: a regular expression, never called by itself. */
  readonly isTerminal: boolean;
  readonly body: Part;
}

export interface GrammarTree {
  readonly start: string;
  readonly definitions: readonly Definition[];
  /** Texts that may stand before, between and after all others. */
  readonly ignored: readonly Part[];
  /** How a rule is written, for errors. */
  readonly sign: "::=" | ":";
}
