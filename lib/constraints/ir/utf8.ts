// Text as bytes: expressions for strings and for sets of code points, in UTF-8 (RFC 3629). Surrogates have no bytes.
import { bytesOfRanges } from "./byte_set.ts";
import type { Regex, RegexArena } from "./regex.ts";

/** Code points from `[0]` to `[1]`, both ends included. */
export type CodePointRange = readonly [number, number];

export const ALL_CODE_POINTS: readonly CodePointRange[] = [[0, 0x10ffff]];

/** Exactly this text; lone surrogates count as U+FFFD, as TextEncoder writes them. */
export function literal(arena: RegexArena, text: string): Regex {
  return literalBytes(arena, new TextEncoder().encode(text));
}

function literalBytes(arena: RegexArena, bytes: Uint8Array): Regex {
  return arena.concat(Array.from(bytes, (byte) => arena.byte(byte)));
}

/** Any one of the texts, as a tree over their common beginnings, so that thousands stay fast. */
export function literals(arena: RegexArena, texts: readonly string[]): Regex {
  const encoder = new TextEncoder();
  const sorted = [...new Set(texts)].map((text) => encoder.encode(text)).sort(compareBytes);
  return literalTree(arena, sorted, 0);
}

function literalTree(arena: RegexArena, sorted: readonly Uint8Array[], depth: number): Regex {
  if (sorted.length === 1) return literalBytes(arena, sorted[0]!.subarray(depth));
  const shared = measureShared(sorted[0]!, sorted.at(-1)!, depth);
  if (shared > depth) {
    const head = literalBytes(arena, sorted[0]!.subarray(depth, shared));
    return arena.concat([head, literalTree(arena, sorted, shared)]);
  }
  const ways: Regex[] = [];
  for (let from = 0; from < sorted.length;) {
    const byte = sorted[from]![depth];
    let to = from + 1;
    while (to < sorted.length && sorted[to]![depth] === byte) to++;
    ways.push(byte === undefined ? arena.empty : literalTree(arena, sorted.slice(from, to), depth));
    from = to;
  }
  return arena.alt(ways);
}

/** How many bytes the first and the last of sorted texts have in common: so do all between. */
function measureShared(a: Uint8Array, b: Uint8Array, from: number): number {
  let at = from;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Any text of Unicode characters, the empty one included. */
export function anyText(arena: RegexArena): Regex {
  return arena.repeat(codePoints(arena, ALL_CODE_POINTS), 0, Infinity);
}

/** Any text that is not in the language of `regex`. */
export function complementText(arena: RegexArena, regex: Regex): Regex {
  return arena.and([anyText(arena), arena.not(regex)]);
}

/** The code points of one length in UTF-8: first and last, leading byte of code point 0, number of tail bytes. */
const LENGTHS = [[0, 0x7f, 0, 0], [0x80, 0x7ff, 0xc0, 1], [0x800, 0xffff, 0xe0, 2], [
  0x10000,
  0x10ffff,
  0xf0,
  3,
]] as const;

/** One character of the ranges (in any order, overlaps allowed). */
export function codePoints(arena: RegexArena, ranges: readonly CodePointRange[]): Regex {
  const clean = withoutSurrogates(uniteRanges(ranges));
  const [only, more] = clean;
  if (only !== undefined && more === undefined && only[0] === only[1]) {
    return literal(arena, String.fromCodePoint(only[0]));
  }
  return arena.alt(LENGTHS.map(([first, last, lead, tails]) => {
    return encodeRanges(arena, clipRanges(clean, first, last), lead, tails);
  }));
}

/** Sequences of a leading byte and `tails` bytes 80–BF; numbers count from the leading byte's zero. */
function encodeRanges(
  arena: RegexArena,
  ranges: readonly CodePointRange[],
  lead: number,
  tails: number,
): Regex {
  if (tails === 0) {
    return arena.bytes(bytesOfRanges(...ranges.map(([a, b]) => [lead + a, lead + b] as const)));
  }
  const unit = 64 ** tails;
  const byRest = new Map<Regex, CodePointRange[]>();
  const add = (from: number, to: number, rest: Regex) => {
    const leads = byRest.get(rest);
    if (leads === undefined) byRest.set(rest, [[lead + from, lead + to]]);
    else leads.push([lead + from, lead + to]);
  };
  for (const [from, to, part] of cutByLead(ranges, unit)) {
    add(from, to, encodeRanges(arena, part, 0x80, tails - 1));
  }
  return arena.alt(
    [...byRest].map(([rest, leads]) => arena.concat([arena.bytes(bytesOfRanges(...leads)), rest])),
  );
}

/** Cuts sorted ranges by `floor(code point / unit)`; runs of whole units stay together. */
function* cutByLead(
  ranges: readonly CodePointRange[],
  unit: number,
): Iterable<readonly [from: number, to: number, part: readonly CodePointRange[]]> {
  let lead = -1;
  let part: CodePointRange[] = [];
  for (const [from, to] of ranges) {
    for (let at = from; at <= to;) {
      const here = Math.floor(at / unit);
      const whole = at % unit === 0 ? Math.floor((to - at + 1) / unit) : 0;
      if (here !== lead && part.length > 0) yield [lead, lead, part];
      if (here !== lead) [lead, part] = [here, []];
      if (whole > 0) {
        yield [here, here + whole - 1, [[0, unit - 1]]];
        [lead, part] = [here + whole - 1, []];
        at += whole * unit;
      } else {
        const end = Math.min(to, here * unit + unit - 1);
        part.push([at - here * unit, end - here * unit]);
        at = end + 1;
      }
    }
  }
  if (part.length > 0) yield [lead, lead, part];
}

/** The same code points as ranges that are sorted and do not touch. */
export function uniteRanges(ranges: readonly CodePointRange[]): CodePointRange[] {
  const united: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = united.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else united.push([from, to]);
  }
  return united;
}

/** All code points that are in none of the ranges. */
export function invertRanges(ranges: readonly CodePointRange[]): CodePointRange[] {
  const inverted: CodePointRange[] = [];
  let next = 0;
  for (const [from, to] of uniteRanges(ranges)) {
    if (from > next) inverted.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= 0x10ffff) inverted.push([next, 0x10ffff]);
  return inverted;
}

/** The part of the ranges that lies between `first` and `last`. */
export function clipRanges(
  ranges: readonly CodePointRange[],
  first: number,
  last: number,
): CodePointRange[] {
  return ranges.filter(([from, to]) => to >= first && from <= last)
    .map(([from, to]) => [Math.max(from, first), Math.min(to, last)]);
}

function withoutSurrogates(ranges: readonly CodePointRange[]): CodePointRange[] {
  return [...clipRanges(ranges, 0, 0xd7ff), ...clipRanges(ranges, 0xe000, 0x10ffff)];
}
