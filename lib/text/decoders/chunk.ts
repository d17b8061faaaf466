// Decoded text that knows which token wrote what, so that the texts of a path's tokens joined are its decoded text.
import { findSections } from "../unicode/pattern.ts";

/** A stretch of text, the token that wrote it (its place in the path), and how it is shown where it is no text. */
export interface Span {
  readonly owner: number;
  readonly text: string;
  readonly display?: string;
}

/** What the reference holds as one string of its list. */
export type Chunk = readonly Span[];

/** One step of a decoder: from the strings that the step before made to its own. */
export type Step = (chunks: readonly Chunk[]) => Chunk[];

/** The text of a chunk: what all its spans write. */
export function textOf(chunk: Chunk): string {
  return chunk.length === 1 ? chunk[0]!.text : chunk.map((span) => span.text).join("");
}

/** A chunk with another text before it, written by the token that wrote its beginning. */
export function prefixChunk(chunk: Chunk, text: string): Chunk {
  const [first, ...rest] = chunk;
  return first === undefined ? [] : [{ ...first, text: text + first.text }, ...rest];
}

/** The stretch [start, end) of a chunk. */
export function cutChunk(chunk: Chunk, start: number, end: number): Chunk {
  let at = 0;
  return chunk.map((span) => {
    const from = at;
    at += span.text.length;
    if (from >= start && at <= end) return span;
    return { owner: span.owner, text: span.text.slice(Math.max(0, start - from), Math.max(0, end - from)) };
  });
}

/** Writes `content` in place of every match; it belongs to the token that wrote the match's first character. */
export function replaceIn(chunk: Chunk, pattern: RegExp, content: string): Chunk {
  const { ends, matched } = findSections(textOf(chunk), pattern);
  if (!matched.includes(true)) return chunk;
  const made: Span[] = [];
  let at = 0; // the span that a section begins in, and where that begins
  let from = 0;
  ends.forEach((end, section) => {
    const start = ends[section - 1] ?? 0;
    for (; at < chunk.length - 1 && from + chunk[at]!.text.length <= start; at++) {
      if (chunk[at]!.text === "") made.push(chunk[at]!); // part of a character: it is shown
      from += chunk[at]!.text.length;
    }
    if (matched[section]) made.push({ owner: chunk[at]!.owner, text: content });
    else {made.push(
        ...cutChunk(chunk.slice(at, findSpanAfter(chunk, at, from, end)), start - from, end - from),
      );}
  });
  return made;
}

/** The first span that begins at `end` or behind it, counted from the span `at`, which begins at `from`. */
function findSpanAfter(chunk: Chunk, at: number, from: number, end: number): number {
  while (at < chunk.length && from < end) from += chunk[at++]!.text.length;
  return at;
}

/** Texts of the tokens of a path of `count` tokens, and how each is shown where the reference's text is not its own. */
export function joinByOwner(chunks: readonly Chunk[], count: number): { text: string; display?: string }[] {
  const texts = Array.from({ length: count }, (): { text: string; display?: string } => ({ text: "" }));
  for (const chunk of chunks) {
    for (const { owner, text, display } of chunk) {
      const target = texts[owner];
      if (target === undefined) continue;
      target.text += text;
      if (display !== undefined) target.display = display;
    }
  }
  return texts;
}
