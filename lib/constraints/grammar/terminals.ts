// Parts of a grammar that are one piece of text, as byte expressions.
import { placeInText, refusal, refusalPlaceOf } from "../ir/refusal.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { codePoints, complementText, literal } from "../ir/utf8.ts";
import { matchWhole } from "../pattern/lower.ts";
import { readPattern } from "../pattern/read.ts";
import { createRegexAlgebra } from "../pattern/to_regex.ts";
import type { Definition, Part } from "./tree.ts";

export class Terminals {
  readonly #source: string;
  readonly #arena: RegexArena;
  readonly #definitions: ReadonlyMap<string, Definition>;
  readonly #unknown: (part: Extract<Part, { readonly kind: "name" }>) => Error;
  readonly #named = new Map<string, Regex | "in work">();

  constructor(
    source: string,
    arena: RegexArena,
    definitions: ReadonlyMap<string, Definition>,
    unknown: (part: Extract<Part, { readonly kind: "name" }>) => Error,
  ) {
    this.#source = source;
    this.#arena = arena;
    this.#definitions = definitions;
    this.#unknown = unknown;
  }

  /** The expression of a terminal that is defined. Throws refusals, also where it calls itself. */
  named(name: string): Regex {
    const known = this.#named.get(name);
    const definition = this.#definitions.get(name)!;
    if (known === "in work") {
      throw this.#refusal(
        `The terminal ${name} uses itself. Write it as a rule, in small letters.`,
        definition.from,
      );
    }
    if (known !== undefined) return known;
    this.#named.set(name, "in work");
    const regex = this.regex(definition.body);
    this.#named.set(name, regex);
    return regex;
  }

  /** The expression of a part without rules. */
  regex(part: Part): Regex {
    const arena = this.#arena;
    switch (part.kind) {
      case "literal":
        return part.ignoreCase ? this.#anyCase(part.text) : literal(arena, part.text);
      case "set":
        return codePoints(arena, part.ranges);
      case "pattern":
        return this.#pattern(part);
      case "name":
        return this.#reference(part);
      case "seq":
        return arena.concat(part.of.map((one) => this.regex(one)));
      case "choice":
        return arena.alt(part.of.map((one) => this.regex(one)));
      case "and":
        return arena.and(part.of.map((one) => this.regex(one)));
      case "not":
        return complementText(arena, this.regex(part.of));
      case "repeat":
        return arena.repeat(this.regex(part.of), part.min, part.max);
      case "schema":
        throw this.#refusal("%json can only stand in rules (in small letters).", part.from);
    }
  }

  #reference(part: Extract<Part, { readonly kind: "name" }>): Regex {
    const definition = this.#definitions.get(part.name);
    if (definition === undefined) throw this.#unknown(part);
    if (!definition.isTerminal) {
      throw this.#refusal(`A terminal can't use the rule ${part.name}. Write that in CAPITALS.`, part.from);
    }
    return this.named(part.name);
  }

  #pattern({ pattern, at, flags }: Extract<Part, { readonly kind: "pattern" }>): Regex {
    checkEscapes(pattern, (message, offset) => this.#refusal(message, at + offset));
    const options = { lenient: true, ignoreCase: flags.includes("i"), dotAll: flags.includes("s") };
    try {
      const algebra = createRegexAlgebra(this.#arena, { placeOf: (node) => placeInText(pattern, node.from) });
      return matchWhole(algebra, readPattern(pattern, options));
    } catch (error) {
      const place = refusalPlaceOf(error);
      if (place?.column === undefined) throw error; // a limit, not a place of the pattern
      throw this.#refusal((error as Error).message, at + place.column - 1);
    }
  }

  #anyCase(text: string): Regex {
    const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    const algebra = createRegexAlgebra(this.#arena, { placeOf: () => ({}) });
    return matchWhole(algebra, readPattern(escaped, { ignoreCase: true }));
  }

  #refusal(message: string, at: number): Error {
    return refusal(message, placeInText(this.#source, at));
  }
}

/** Letters behind a backslash that mean something in ECMAScript; others mean something in Python or Rust alone. */
const KNOWN_ESCAPES = /[bBcdDfknpPrsStuvwWx]/;

function checkEscapes(pattern: string, refused: (message: string, offset: number) => Error): void {
  for (const { 0: escape, index } of pattern.matchAll(/\\[^]/g)) {
    if (/[A-Za-z]/.test(escape[1]!) && !KNOWN_ESCAPES.test(escape[1]!)) {
      throw refused(`The escape ${escape} is not known.`, index);
    }
  }
}
