// Far from its limits a counted expression is like one without them: "at most 300 characters of which …" has a state
// for each number of characters, and for short tokens all but the last of these behave alike (tokens/mask.ts).
import { piecesOf } from "../ir/regex.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import type { TerminalTable } from "./terminal_table.ts";

/** Upper bounds from so many on are left out; the larger ones alone where there are such, because the smallest that is
 * left out says how much room there is. */
const LEAST_BOUNDS = [128, 48, 24];
/** Bounds deeper in an expression than this are kept. */
const MAX_DEPTH = 8;
/** Longer concatenations are left as they are. */
const MAX_PIECES = 64;

/** A state without upper bounds. */
export interface Unbounded {
  readonly at: number;
  /** Texts from `at` to an end of no more bytes than this are texts of the bounded state too. */
  readonly room: number;
}

/**
 * The state where every x{min,max} is x{min,∞}: it takes all that the bounded one takes, and a text of n bytes, which
 * holds at most n times x, is taken by both where n ≤ max. Null where there is nothing to leave out.
 */
export function withoutBounds(table: TerminalTable, at: number): Unbounded | null {
  const regex = table.regexOf(at);
  for (const least of LEAST_BOUNDS) {
    const relaxing = new Relaxing(table.arena, least);
    const relaxed = relaxing.relax(regex, 0);
    if (relaxed !== regex) return { at: table.stateOf(relaxed), room: relaxing.room };
  }
  return null;
}

class Relaxing {
  room = Infinity;
  readonly #arena: RegexArena;

  readonly #least: number;

  constructor(arena: RegexArena, least: number) {
    this.#arena = arena;
    this.#least = least;
  }

  relax(regex: Regex, depth: number): Regex {
    if (depth > MAX_DEPTH) return regex;
    const arena = this.#arena;
    const all = (parts: readonly Regex[]) => parts.map((part) => this.relax(part, depth + 1));
    switch (regex.kind) {
      case "concat": {
        const pieces = piecesOf(regex);
        return pieces.length > MAX_PIECES ? regex : arena.concat(all(pieces));
      }
      case "alt":
        return arena.alt(all(regex.of));
      case "and":
        return arena.and(all(regex.of));
      case "repeat":
        return this.#repeat(regex, this.relax(regex.of, depth + 1));
      default: // what is left out of a complement would be added to the whole
        return regex;
    }
  }

  #repeat({ of, min, max }: Extract<Regex, { readonly kind: "repeat" }>, inner: Regex): Regex {
    if (max < this.#least || max === Infinity || of.nullable) return this.#arena.repeat(inner, min, max);
    this.room = Math.min(this.room, max);
    return this.#arena.repeat(inner, min, Infinity);
  }
}
