// Derivatives (Brzozowski 1964): what may follow after one byte. With them complement and intersection are exact.
import { hasByte, keyOfBytes } from "./byte_set.ts";
import type { ByteSet } from "./byte_set.ts";
import type { Regex, RegexArena } from "./regex.ts";

/** The expression of all texts that, put behind `byte`, are in the language of `regex`. */
export function derive(arena: RegexArena, regex: Regex, byte: number): Regex {
  switch (regex.kind) {
    case "empty":
      return arena.nothing;
    case "class":
      return hasByte(regex.set, byte) ? arena.empty : arena.nothing;
    case "concat":
      return deriveConcat(arena, regex, byte);
    case "alt":
      return arena.alt(regex.of.map((part) => derive(arena, part, byte)));
    case "and":
      return arena.and(regex.of.map((part) => derive(arena, part, byte)));
    case "not":
      return arena.not(derive(arena, regex.of, byte));
    case "automaton":
      return arena.automaton(regex.automaton, regex.automaton.next(regex.state, byte));
    case "repeat": {
      const rest = arena.repeat(regex.of, Math.max(0, regex.min - 1), regex.max - 1);
      return arena.concat([derive(arena, regex.of, byte), rest]);
    }
  }
}

/** Walks along the spine: concatenations of optional parts can be long. */
function deriveConcat(arena: RegexArena, regex: Regex, byte: number): Regex {
  const ways: Regex[] = [];
  let rest = regex;
  while (rest.kind === "concat") {
    ways.push(arena.concat([derive(arena, rest.first, byte), rest.rest]));
    if (!rest.first.nullable) return arena.alt(ways);
    rest = rest.rest;
  }
  ways.push(derive(arena, rest, byte));
  return arena.alt(ways);
}

/** True where the whole of `bytes` is in the language. */
export function matches(arena: RegexArena, regex: Regex, bytes: Iterable<number>): boolean {
  let rest = regex;
  for (const byte of bytes) rest = derive(arena, rest, byte);
  return rest.nullable;
}

/**
 * A text of the language that is among its shortest, or null where the language is empty (exact: all derivatives
 * are looked at, at worst as many as the arena's budget allows; then the budget's refusal is thrown).
 */
export function shortestText(arena: RegexArena, regex: Regex): Uint8Array | null {
  const bytes = representatives([regex]);
  const seen = new Set([regex]);
  let front: { readonly regex: Regex; readonly text: readonly number[] }[] = [{ regex, text: [] }];
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { regex, text } of front) {
      if (regex.nullable) return Uint8Array.from(text);
      for (const byte of bytes) {
        const after = derive(arena, regex, byte);
        if (after === arena.nothing || seen.has(after)) continue;
        seen.add(after);
        next.push({ regex: after, text: [...text, byte] });
      }
    }
    front = next;
  }
  return null;
}

/** True where no text is in the language. */
export function isEmptyLanguage(arena: RegexArena, regex: Regex): boolean {
  return regex.plain ? regex === arena.nothing : shortestText(arena, regex) === null;
}

/** True where no text is in both languages. */
export function areDisjoint(arena: RegexArena, a: Regex, b: Regex): boolean {
  return isEmptyLanguage(arena, arena.and([a, b]));
}

/** One byte of each class of bytes that none of the expressions tells apart. */
function representatives(regexes: readonly Regex[]): number[] {
  const classes = byteClasses(regexes);
  const first = new Map<number, number>();
  classes.forEach((kind, byte) => first.has(kind) || first.set(kind, byte));
  return [...first.values()];
}

/** Byte → number of its class, from 0: bytes of one class are in the same sets of all expressions, and so have the
 * same derivatives. [256] */
export function byteClasses(regexes: readonly Regex[]): Uint8Array {
  let classes = new Uint8Array(256);
  for (const set of setsOf(regexes)) classes = refine(classes, set);
  return classes;
}

function refine(classes: Uint8Array, set: ByteSet): Uint8Array<ArrayBuffer> {
  const renamed = new Map<number, number>();
  const refined = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const key = classes[byte]! * 2 + (hasByte(set, byte) ? 1 : 0);
    let name = renamed.get(key);
    if (name === undefined) renamed.set(key, name = renamed.size);
    refined[byte] = name;
  }
  return refined;
}

function setsOf(regexes: readonly Regex[]): Iterable<ByteSet> {
  const sets = new Map<string, ByteSet>();
  const seen = new Set(regexes);
  for (const regex of seen) { // grows while it is walked
    switch (regex.kind) {
      case "class":
        sets.set(keyOfBytes(regex.set), regex.set);
        break;
      case "concat":
        seen.add(regex.first).add(regex.rest);
        break;
      case "alt":
      case "and":
        for (const part of regex.of) seen.add(part);
        break;
      case "not":
      case "repeat":
        seen.add(regex.of);
        break;
      case "automaton":
        for (const set of regex.automaton.sets) sets.set(keyOfBytes(set), set);
    }
  }
  return sets.values();
}
