// A regular expression's pattern as a small tree whose leaves are sets of code points.
import type { CodePointRange } from "../ir/utf8.ts";

interface Common {
  /** Offsets [from, to) in the pattern, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** No anchor and no look-ahead in it: what it matches does not depend on what is around it. */
  readonly plain: boolean;
}

export type PatternNode =
  & Common
  & (
    | { readonly kind: "set"; readonly ranges: readonly CodePointRange[] }
    | { readonly kind: "concat" | "alt"; readonly of: readonly PatternNode[] }
    | { readonly kind: "repeat"; readonly of: PatternNode; readonly min: number; readonly max: number }
    /** ^ and $: nothing is before, nothing is behind. */
    | { readonly kind: "start" | "end" }
    /** \b and \B: between a word's character and another, or not; only where it was asked for. */
    | { readonly kind: "boundary"; readonly negated: boolean }
    /** (?=of) and (?!of): what follows begins, or does not begin, with it. */
    | { readonly kind: "ahead"; readonly of: PatternNode; readonly negated: boolean }
  );
