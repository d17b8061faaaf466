// Derivatives (Brzozowski 1964): what may follow after one byte. With them complement and intersection are exact.
import { hasByte, keyOfBytes } from "./byte_set.ts";
import type { ByteSet } from "./byte_set.ts";
import type { Regex, RegexArena } from "./regex.ts";

/** The expression of all texts that, put behind `byte`, are in the language of `regex`. Kept by the arena: large
 * expressions share their parts, and their derivatives too. */
export function derive(arena: RegexArena, regex: Regex, byte: number): Regex {
  if (!hasByte(regex.begins, byte)) return arena.nothing;
  if (regex.kind === "class") return arena.empty;
  const key = regex.id * 256 + byte;
  let derived = arena.derivatives.get(key);
  if (derived === undefined) arena.derivatives.set(key, derived = compute(arena, regex, byte));
  return derived;
}

function compute(arena: RegexArena, regex: Exclude<Regex, { readonly kind: "class" }>, byte: number): Regex {
  switch (regex.kind) {
    case "empty":
      return arena.nothing;
    case "concat":
      return deriveConcat(arena, regex, byte);
    case "alt":
      return arena.alt(
        regex.of.filter((part) => hasByte(part.begins, byte)).map((part) => derive(arena, part, byte)),
      );
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
export function findShortestText(arena: RegexArena, regex: Regex): Uint8Array | null {
  if (regex.nullable) return new Uint8Array();
  const bytes = pickRepresentatives([regex]);
  const cameFrom = new Map<Regex, { readonly before: Regex; readonly byte: number } | null>([[regex, null]]);
  for (const before of cameFrom.keys()) { // grows while it is walked
    for (const byte of bytes) {
      const after = derive(arena, before, byte);
      if (after === arena.nothing || cameFrom.has(after)) continue;
      cameFrom.set(after, { before, byte });
      if (after.nullable) return traceText(after, cameFrom);
    }
  }
  return null;
}

function traceText(
  regex: Regex,
  cameFrom: ReadonlyMap<Regex, { readonly before: Regex; readonly byte: number } | null>,
): Uint8Array {
  const text: number[] = [];
  for (let step = cameFrom.get(regex); step; step = cameFrom.get(step.before)) text.unshift(step.byte);
  return Uint8Array.from(text);
}

/** True where no text is in the language. */
export function isEmptyLanguage(arena: RegexArena, regex: Regex): boolean {
  return regex.plain ? regex === arena.nothing : findShortestText(arena, regex) === null;
}

/** One byte of each class of bytes that none of the expressions tells apart. */
function pickRepresentatives(regexes: readonly Regex[]): number[] {
  const classes = classifyBytes(regexes);
  const first = new Map<number, number>();
  classes.forEach((kind, byte) => first.has(kind) || first.set(kind, byte));
  return [...first.values()];
}

/** Byte → number of its class, from 0: bytes of one class are in the same sets of all expressions, and so have the
 * same derivatives. [256] */
export function classifyBytes(regexes: readonly Regex[]): Uint8Array {
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
