// A word of the page that the glossary explains: by mouse, keyboard and touch.
import type { ComponentChildren } from "preact";
import type { Term } from "../lib/explorer/words/glossary.ts";

export function Explained({ term, children }: { term: Term; children: ComponentChildren }) {
  return <span class="term" tabIndex={0} data-term={term}>{children}</span>;
}
