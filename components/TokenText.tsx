// A token with its whitespace drawn. The marks are pictures: speech and the clipboard get the real characters.
import type { ComponentChildren } from "preact";
import type { RenderedPart, TokenRendering } from "../lib/explorer/words/appearance.ts";
import { MARK_PATHS } from "../lib/explorer/words/marks.ts";

const SPACE = " ";
const MARKS = {
  newline: { path: MARK_PATHS.newline, text: "\n" },
  tab: { path: MARK_PATHS.tab, text: "\t" },
  empty: { path: MARK_PATHS.empty, text: "" },
} as const;

/** A name for a token has room for so many marks of one kind; more are counted: "␠×7". */
const MOST_MARKS = 3;

function markNode(kind: "space" | keyof typeof MARKS, key: number): ComponentChildren {
  // Nearly every token begins with one: it is the real character with its mark as background, no picture.
  if (kind === "space") return <span key={key} class="ws-space">{SPACE}</span>;
  const mark = MARKS[kind];
  return [
    <svg key={`${key} mark`} class="ws" viewBox="0 0 14 16" aria-hidden="true">
      <path d={mark.path} />
    </svg>,
    <span key={`${key} text`} class="sr">{mark.text}</span>,
  ];
}

function nodesOfPart(part: RenderedPart, short: boolean): ComponentChildren {
  if (part.kind === "text") return part.text;
  // With a direction of their own they do not decide that of the text around them.
  if (part.kind === "special") return <span class="tok-special" dir="ltr">{part.text}</span>;
  if (part.kind === "bytes") return <span class="tok-bytes" dir="ltr">{part.text}</span>;
  if (part.kind === "empty") return markNode("empty", 0);
  const { kind, count = 1 } = part;
  if (short && count > MOST_MARKS) return [markNode(kind, 0), <small key="count">×{count}</small>];
  return Array.from({ length: count }, (_, at) => markNode(kind, at));
}

/** The token as nodes, every character of it: a long text has hundreds, and a component for each would cost more than
 * what it shows. */
export function nodesOfToken(parts: readonly RenderedPart[]): ComponentChildren {
  return parts.map((part) => nodesOfPart(part, false));
}

interface TokenTextProps {
  readonly rendering: TokenRendering;
}

/** The token in a running text: long runs of whitespace are counted. */
export function TokenInText({ rendering }: TokenTextProps) {
  return <>{rendering.parts.map((part) => nodesOfPart(part, true))}</>;
}

/** The token as a name, with a direction of its own: a number behind a name that runs from right to left would stand on
 * its other side. */
export function TokenText({ rendering }: TokenTextProps) {
  return (
    <bdi>
      <TokenInText rendering={rendering} />
    </bdi>
  );
}
