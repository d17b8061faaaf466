// Normal forms of runs of combining marks that are as long as a text, in slices. Of the marks of one combining class
// only the first can join the letter before them: behind the first that does not all others stay as they are. So a
// run's normal form is that of a short one, with the others put back behind those of their class.
import type { Slices } from "../../basics/slices.ts";
import { startOfLastCharacter } from "./last_character.ts";
import { rankByClass } from "./mark_order.ts";

/** UTF-16 units of a run, and marks between two letters, from which that is done. */
const LONG_RUN = 2 ** 13;
/** Marks of a class that are normalized: more than any letter takes up. */
const HEAD = 64;
/** UTF-16 units that are looked at between two slices. */
const LOOKED_AT = 2 ** 12;

/** `normalize(text)`, which is one of the normal forms. */
export function* normalizeMarks(text: string, normalize: (text: string) => string): Slices<string> {
  let written = "";
  let pending = ""; // what is not normalized yet
  let from = 0;
  for (let run = yield* findRun(text, 0); run !== null; run = yield* findRun(text, run.end)) {
    pending += text.slice(from, run.start);
    const marks = yield* readMarks(text, run.start, run.end, pending);
    if (
      marks === null || beginsWithMark(text, run.end) || beginsWithMark(text, startOfLast(text, run.start))
    ) {
      return normalize(text);
    }
    let section = new Section(marks.ranks.size);
    const flush = () => {
      const { before, after } = section.write(pending, marks.ranks, normalize);
      written += before;
      pending = after;
      section = new Section(marks.ranks.size);
    };
    for (let at = run.start, rested = at; at < run.end;) {
      const code = text.codePointAt(at)!;
      at += code > 0xffff ? 2 : 1;
      for (const part of marks.parts.get(code)!) {
        const rank = marks.ranks.get(part);
        if (rank !== undefined) section.add(rank, part.codePointAt(0)!);
        else {
          flush();
          pending += part;
        }
      }
      if (at - rested < LOOKED_AT) continue;
      rested = at;
      yield;
    }
    flush();
    from = run.end;
  }
  return written + normalize(pending + text.slice(from));
}

/** Marks between two letters, by combining class. */
class Section {
  readonly #classes: number[][];
  #count = 0;

  constructor(classes: number) {
    this.#classes = Array.from({ length: classes }, () => []);
  }

  add(rank: number, mark: number): void {
    this.#classes[rank]!.push(mark);
    this.#count++;
  }

  /** What is normalized of the text before and these marks, and what is not. */
  write(
    text: string,
    ranks: ReadonlyMap<string, number>,
    normalize: (text: string) => string,
  ): { before: string; after: string } {
    const all = this.#classes;
    if (this.#count < LONG_RUN / 2) {
      return { before: "", after: text + all.map((marks) => textOf(marks, 0)).join("") };
    }
    let left = normalize(text + all.map((marks) => textOf(marks, 0, HEAD)).join(""));
    let written = "";
    for (let rank = all.length - 1; rank >= 0; rank--) {
      let start = left.length;
      while (start > 0 && ranks.get(characterBefore(left, start)) === rank) {
        start -= characterBefore(left, start).length;
      }
      written = left.slice(start) + textOf(all[rank]!, HEAD) + written;
      left = left.slice(0, start);
    }
    return { before: left + written, after: "" };
  }
}

function textOf(marks: readonly number[], start: number, end = marks.length): string {
  let text = "";
  for (let at = start; at < Math.min(end, marks.length); at += LOOKED_AT) {
    text += String.fromCodePoint(...marks.slice(at, Math.min(at + LOOKED_AT, end)));
  }
  return text;
}

function characterBefore(text: string, end: number): string {
  return text.slice(startOfLastCharacter(text, end), end);
}

/** The next long run of marks from a place on. */
function* findRun(text: string, from: number): Slices<{ start: number; end: number } | null> {
  const mark = /\p{M}/gu;
  const marks = /\p{M}+/uy;
  for (let at = from; at < text.length;) {
    const part = text.slice(at, at + LOOKED_AT);
    mark.lastIndex = 0;
    const start = at + (mark.test(part) ? mark.lastIndex - 1 : part.length);
    if (start === at + part.length) {
      at = start;
      yield;
      continue;
    }
    let end = isLow(text, start) ? start - 1 : start;
    const first = end;
    for (let more = true; more; yield) {
      let stop = Math.min(text.length, end + LOOKED_AT);
      if (isLow(text, stop)) stop--;
      marks.lastIndex = 0;
      const found = marks.test(text.slice(end, stop)) ? marks.lastIndex : 0;
      more = found > 0 && end + found === stop && stop < text.length;
      end += found;
    }
    if (end - first >= LONG_RUN) return { start: first, end };
    at = Math.max(end, start + 1);
  }
  return null;
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Where the character before a place begins; the text's end where there is none. */
function startOfLast(text: string, end: number): number {
  return end === 0 ? text.length : startOfLastCharacter(text, end);
}

/** Whether the character at a place becomes a mark, or begins with one: it belongs among those around it. */
function beginsWithMark(text: string, at: number): boolean {
  return at < text.length && /^\p{M}/u.test(String.fromCodePoint(text.codePointAt(at)!).normalize("NFKD"));
}

/** UTF-16 units before a run in which its letter stands. */
const LETTER = 8;

/** Which marks each mark of a run is decomposed into, and the rank of those that are no letters. Null: some of them
 * become others in a compatibility form. */
function* readMarks(
  text: string,
  start: number,
  end: number,
  before: string,
): Slices<{ parts: Map<number, readonly string[]>; ranks: Map<string, number> } | null> {
  const parts = new Map<number, readonly string[]>();
  for (let at = start, rested = at; at < end;) {
    const code = text.codePointAt(at)!;
    at += code > 0xffff ? 2 : 1;
    if (!parts.has(code)) {
      const mark = String.fromCodePoint(code);
      const decomposed = mark.normalize("NFD");
      if (decomposed !== mark.normalize("NFKD")) return null;
      parts.set(code, [...decomposed]);
    }
    if (at - rested < LOOKED_AT) continue;
    rested = at;
    yield;
  }
  const own = [...before.slice(-LETTER).toWellFormed().normalize("NFKD")].filter((part) =>
    /\p{M}/u.test(part)
  );
  return { parts, ranks: rankByClass([...new Set([...own, ...[...parts.values()].flat()])]) };
}
