// How a token is drawn: text with drawn marks for whitespace, a frame for special tokens, bytes where there is no text.
import { type Piece, piecesOf, sayToken } from "./spoken.ts";

export type RenderedPart = Piece | { readonly kind: "special"; readonly text: string };

export interface TokenRendering {
  readonly parts: readonly RenderedPart[];
  readonly spoken: string;
}

interface ShownToken {
  readonly text: string;
  readonly display: string;
  readonly special: boolean;
  readonly bytes: readonly number[];
}

/** How one token of a text or a candidate is drawn, and what a screen reader says. */
export function renderToken(token: ShownToken): TokenRendering {
  const parts = token.special
    ? [{ kind: "special", text: token.text || token.display } as const]
    : piecesOf(token);
  return { parts, spoken: sayToken(token.text, token) };
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;

/** Characters of a fixed width that a token takes, about: signs of East Asia take two, marks of whitespace one. */
export function widthOf({ parts }: TokenRendering): number {
  return parts.reduce((sum, part) => {
    if (!("text" in part)) return sum + ("count" in part ? Math.min(4, part.count ?? 1) : 1);
    return [...part.text].reduce((width, sign) => width + (WIDE.test(sign) ? 2 : 1), sum);
  }, 0);
}

/** Parts of which no whitespace stands for more than one character. */
export function expandMarks(parts: readonly RenderedPart[]): RenderedPart[] {
  return parts.flatMap((part) =>
    "count" in part ? Array.from({ length: part.count ?? 1 }, () => ({ kind: part.kind })) : [part]
  );
}

/** The tokens of a list, no two alike: where two would be drawn or read the same, each says its id too. */
export function renderDistinct(tokens: readonly (ShownToken & { readonly id: number })[]): TokenRendering[] {
  const renderings = tokens.map(renderToken);
  const shown = countBy(renderings.map(({ parts }) => JSON.stringify(parts)));
  const spoken = countBy(renderings.map((rendering) => rendering.spoken));
  return renderings.map((rendering, at) => {
    const alike = shown.get(JSON.stringify(rendering.parts))! > 1 || spoken.get(rendering.spoken)! > 1;
    const { id } = tokens[at]!;
    if (!alike) return rendering;
    return {
      parts: [...rendering.parts, { kind: "bytes", text: `#${id}` }],
      spoken: `${rendering.spoken}, number ${id}`,
    };
  });
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
