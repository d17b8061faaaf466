// States that take many bytes and stay as they are: within a string, within free text. There a mask need not look at
// every token (tokens/slices.ts).
import { bytesOfRanges } from "../ir/byte_set.ts";
import type { ByteSet } from "../ir/byte_set.ts";
import { derive } from "../ir/derive.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import type { TerminalTable } from "./terminal_table.ts";

/** The bytes after which `step` leads back to the same state, by class. */
export function findLoopBytes(table: TerminalTable, state: number, step: (kind: number) => number): ByteSet {
  return bytesOfClasses(table, (kind) => step(kind) === state);
}

/** Bytes that a counted loop takes, and how many of them it has room for. */
export interface CountedBytes {
  readonly set: ByteSet;
  readonly room: number;
}

/**
 * The bytes b such that any n ≤ max of them, in any order, lead from a regex x{min,max}·r to x{min−n,max−n}·r and
 * nowhere else, and more fail: r is not empty and cannot begin with b, and b is a whole x. Null where the regex is not
 * of this form.
 */
export function findCountedBytes(arena: RegexArena, table: TerminalTable, regex: Regex): CountedBytes | null {
  if (regex.kind !== "concat" || regex.first.kind !== "repeat" || regex.rest.nullable) return null;
  const { first, rest } = regex;
  const set = bytesOfClasses(table, (_, byte) => {
    return derive(arena, first.of, byte) === arena.empty && derive(arena, rest, byte) === arena.nothing;
  });
  return { set, room: first.max };
}

function bytesOfClasses(table: TerminalTable, holds: (kind: number, byte: number) => boolean): ByteSet {
  const byClass = table.byteOfClass.map((byte, kind) => holds(kind, byte));
  const ranges: [number, number][] = [];
  table.classOf.forEach((kind, byte) => byClass[kind] && ranges.push([byte, byte]));
  return bytesOfRanges(...ranges);
}
