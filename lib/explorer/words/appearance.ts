// How a token looks: text with drawn marks for whitespace, a frame for special tokens, bytes where there is no text.
import { type Piece, piecesOf, spokenToken } from "./spoken.ts";

export type LookPart = Piece | { readonly kind: "special"; readonly text: string };

export interface TokenLook {
  readonly parts: readonly LookPart[];
  readonly spoken: string;
}

interface ShownToken {
  readonly text: string;
  readonly display: string;
  readonly special: boolean;
  readonly bytes: readonly number[];
}

/** The look of one token of a text or of a candidate. */
export function lookOf(token: ShownToken): TokenLook {
  const parts = token.special
    ? [{ kind: "special", text: token.text || token.display } as const]
    : piecesOf(token);
  return { parts, spoken: spokenToken(token.text, token) };
}

/** Characters of a fixed width that a look takes, about: signs of East Asia take two, marks of whitespace one. */
export function widthOf({ parts }: TokenLook): number {
  const wide =
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;
  return parts.reduce((sum, part) => {
    if (!("text" in part)) return sum + ("count" in part ? Math.min(4, part.count ?? 1) : 1);
    return [...part.text].reduce((width, sign) => width + (wide.test(sign) ? 2 : 1), sum);
  }, 0);
}

/** Parts of which no whitespace stands for more than one character. */
export function singleMarks(parts: readonly LookPart[]): LookPart[] {
  return parts.flatMap((part) =>
    "count" in part ? Array.from({ length: part.count ?? 1 }, () => ({ kind: part.kind })) : [part]
  );
}

/** The looks of a list, no two of them the same: tokens that would look or sound alike say their id too. */
export function distinctLooks(tokens: readonly (ShownToken & { readonly id: number })[]): TokenLook[] {
  const looks = tokens.map(lookOf);
  const shown = countBy(looks.map(({ parts }) => JSON.stringify(parts)));
  const spoken = countBy(looks.map((look) => look.spoken));
  return looks.map((look, at) => {
    const alike = shown.get(JSON.stringify(look.parts))! > 1 || spoken.get(look.spoken)! > 1;
    const { id } = tokens[at]!;
    if (!alike) return look;
    return {
      parts: [...look.parts, { kind: "bytes", text: `#${id}` }],
      spoken: `${look.spoken}, number ${id}`,
    };
  });
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
