import type { Regex, RegexArena } from "./regex.ts";

/** The texts of `regex` but the empty one; without an intersection where there was none. */
export function withoutEmptyMatch(arena: RegexArena, regex: Regex): Regex {
  if (!regex.nullable) return regex;
  switch (regex.kind) {
    case "empty":
    case "class":
      return arena.nothing;
    case "alt":
      return arena.alt(regex.of.map((part) => withoutEmptyMatch(arena, part)));
    case "repeat": {
      const first = withoutEmptyMatch(arena, regex.of);
      return arena.concat([first, arena.repeat(regex.of, 0, regex.max - 1)]);
    }
    case "concat":
      return arena.alt([
        arena.concat([withoutEmptyMatch(arena, regex.first), regex.rest]),
        withoutEmptyMatch(arena, regex.rest),
      ]);
    case "and":
    case "not":
    case "automaton":
      return arena.and([regex, arena.not(arena.empty)]);
  }
}
