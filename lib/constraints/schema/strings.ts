// Strings as they stand in JSON text, between the quotes. Each string has exactly one spelling, that of
// JSON.stringify (and of Python's json.dumps with ensure_ascii=False): `\"`, `\\`, `\b \f \n \r \t`, other control
// characters as `\u00xx` with small letters, everything else as itself. So complement and intersection of sets of
// strings are those of their texts, and a key cannot be written twice in two ways. Lone surrogates have no UTF-8.
import type { Regex, RegexArena } from "../ir/regex.ts";
import { clipRanges, codePoints, invertRanges, literal, literals, uniteRanges } from "../ir/utf8.ts";
import type { CodePointRange } from "../ir/utf8.ts";
import { matchWhole, searchMatch } from "../pattern/lower.ts";
import type { PatternAlgebra } from "../pattern/lower.ts";
import { readPattern } from "../pattern/read.ts";
import { createRegexAlgebra } from "../pattern/to_regex.ts";

/** Code points that stand for themselves: all but control characters, quote and backslash. */
const UNESCAPED = invertRanges([[0, 0x1f], [0x22, 0x22], [0x5c, 0x5c]]);
const ESCAPED = invertRanges(UNESCAPED);

export interface Strings {
  readonly arena: RegexArena;
  /** One character, escaped where it must be. */
  readonly character: Regex;
  /** Every string. */
  readonly any: Regex;
}

/** The regexes of JSON's strings, made once in an arena: between the quotes, as they are written. */
export function createStrings(arena: RegexArena): Strings {
  const character = escapeCodePoints(arena, [[0, 0x10ffff]]);
  return { arena, character, any: arena.repeat(character, 0, Infinity) };
}

/** One character of the ranges, as it stands in a JSON string. */
function escapeCodePoints(arena: RegexArena, ranges: readonly CodePointRange[]): Regex {
  const clean = uniteRanges(ranges);
  const plain = UNESCAPED.flatMap(([from, to]) => clipRanges(clean, from, to));
  const escapes = ESCAPED.flatMap(([from, to]) => clipRanges(clean, from, to)).flatMap(([from, to]) => {
    return Array.from({ length: to - from + 1 }, (_, i) => spellString(String.fromCodePoint(from + i)));
  });
  return arena.alt([codePoints(arena, plain), ...escapes.length === 0 ? [] : [literals(arena, escapes)]]);
}

/** A string's one spelling, without its quotes. */
export function spellString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The language of one string, as it is written between its quotes. */
export function stringOf(strings: Strings, text: string): Regex {
  return literal(strings.arena, spellString(text));
}

/** The language of some strings, as they are written between their quotes; `nothing` for none. */
export function stringsOf(strings: Strings, texts: readonly string[]): Regex {
  return texts.length === 0 ? strings.arena.nothing : literals(strings.arena, texts.map(spellString));
}

/** Strings of `min` to `max` code points. */
export function stringsOfLength(strings: Strings, min: number, max: number): Regex {
  return min > max ? strings.arena.nothing : strings.arena.repeat(strings.character, min, max);
}

/**
 * Strings with a match of an ECMAScript pattern somewhere. Real schemas write `\-` and the like, which the flag `u`
 * refuses: such patterns are read without it. Throws a refusal for what no automaton can decide.
 */
export function stringsMatching(strings: Strings, pattern: string): Regex {
  const tree = readPattern(pattern, { lenient: !hasForeignEscape(pattern) });
  return searchMatch(algebraOf(strings), tree, strings.any);
}

/** Letters that mean something behind a backslash without the flag `u`. Others, like \A and \Z of other languages,
 * would silently stand for themselves, and so would \p and \u{…}. */
const KNOWN_ESCAPES = "bBdDwWsSfnrtvcx";

function hasForeignEscape(pattern: string): boolean {
  const escapes = [...pattern.matchAll(/\\(u[0-9a-fA-F]{4}|[^])/g)].map(([, escape]) => escape!);
  return escapes.some((escape) => /^[a-zA-Z]$/.test(escape) && !KNOWN_ESCAPES.includes(escape));
}

/** Strings that are a match of the pattern as a whole. */
export function stringsLike(strings: Strings, pattern: string): Regex {
  return matchWhole(algebraOf(strings), readPattern(pattern));
}

function algebraOf(strings: Strings): PatternAlgebra<Regex> {
  const { arena } = strings;
  return createRegexAlgebra(arena, {
    character: (ranges) => escapeCodePoints(arena, ranges),
    anything: strings.any,
    placeOf: () => ({}),
  });
}

/** All strings that are not in `regex`. */
export function complementStrings(strings: Strings, regex: Regex): Regex {
  if (regex === strings.any) return strings.arena.nothing;
  if (regex === strings.arena.nothing) return strings.any;
  return strings.arena.and([strings.any, strings.arena.not(regex)]);
}
