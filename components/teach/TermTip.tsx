// A word of the page that explains itself, with the present numbers, on hover and on focus.
import type { ComponentChildren } from "preact";
import { explain, type Term, type TermNumbers } from "../../lib/explorer/terms.ts";

interface TermTipProps {
  readonly term: Term;
  readonly numbers: TermNumbers;
  readonly children: ComponentChildren;
}

export function TermTip({ term, numbers, children }: TermTipProps) {
  return (
    <span class="term" tabIndex={0} data-tip={explain(term, numbers)}>
      {children}
    </span>
  );
}
