// A path that is decoded part by part: where it may be cut, so that no part changes the texts of another one. Between
// the ends of the path steps see neighbours that they leave alone.
import { type ChunkText, showWhitespace } from "../unicode/utf8.ts";
import { byteFallback, parseByteToken } from "./bytes.ts";
import { type Chunk, joinByOwner, type Step } from "./chunk.ts";
import { fuse } from "./steps.ts";

/** Neighbours that no step changes or joins with the token between them. */
export const [BEFORE, AFTER] = ["\uE000", "\uE001"];

export interface NamedStep {
  readonly type: string;
  readonly step: Step;
}

/** Whether a path begins and ends with a part of it. */
export interface PartEnds {
  readonly first: boolean;
  readonly last: boolean;
}

/** Steps that see a chunk, whether it is the first one and whether it is the last. */
const LOCAL = ["Replace", "Metaspace", "Strip", "BPEDecoder", "WordPiece", "ByteFallback", "spaces"];

/** Says which byte a token names for ByteFallback, null for all others: a path may be cut where either neighbour names
 * none, and inside a run of bytes that is text, where a character begins. Null where the steps never let it be cut. */
export function createByteReader(steps: readonly NamedStep[]): ((token: string) => number | null) | null {
  const fused = steps.findIndex(({ step }) => step === fuse);
  const [apart, joined] = fused < 0 ? [steps, []] : [steps.slice(0, fused), steps.slice(fused)];
  const local = apart.every(({ type }) => LOCAL.includes(type)) &&
    joined.every(({ type }) => type === "Fuse" || type === "Strip");
  if (!local) return null;
  const fallback = steps.findIndex(({ step }) => step === byteFallback);
  if (fallback < 0) return () => null;
  // It makes a run that is text one chunk: a step behind it that is no Fuse sees the run, not its characters.
  if (fallback < apart.length - 1) return null;
  const known = new Map<string, number | null>();
  return (token) => {
    let byte = known.get(token);
    if (byte === undefined) {
      known.set(token, byte = parseByteToken(decodeInside(token, steps.slice(0, fallback))));
    }
    return byte;
  };
}

/** A token's text inside a path. */
function decodeInside(token: string, steps: readonly NamedStep[]): string {
  return decodeChunks([BEFORE, token, AFTER], steps)[1]!.text;
}

function decodeChunks(tokens: readonly string[], steps: readonly NamedStep[]) {
  const chunks = tokens.map((text, owner): Chunk => [{ owner, text }]);
  return joinByOwner(steps.reduce<Chunk[]>((current, { step }) => step(current), chunks), tokens.length);
}

/** Texts of a part of a path. Null where it has neighbours that it may not be cut from: a step changes the ones that
 * stand for them, or what it cuts off an end may go on there. */
export function textsOfPart(
  tokens: readonly string[],
  { first, last }: PartEnds,
  steps: readonly NamedStep[],
): ChunkText[] | null {
  const all = decodeChunks([...first ? [] : [BEFORE], ...tokens, ...last ? [] : [AFTER]], steps);
  if (!first && all[0]!.text !== BEFORE || !last && !all.at(-1)!.text.endsWith(AFTER)) return null;
  const own = all.slice(first ? 0 : 1, last ? all.length : -1);
  if (first !== last && own.every(({ text }) => text === "")) return null;
  return own.map(({ text, display }) => ({ text, display: display ?? showWhitespace(text) }));
}
