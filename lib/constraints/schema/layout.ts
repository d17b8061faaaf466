// How the JSON text is written where JSON Schema leaves it open: white space and the order of properties.
import { bytesOfRanges } from "../ir/byte_set.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";

/**
 * - `compact`: none, as JSON.stringify writes;
 * - `single_space` (default): at most one space after each comma and colon, so also as Python's json.dumps writes;
 * - `flexible`: spaces, tabs and line breaks between all parts, any number.
 */
export type Whitespace = "compact" | "single_space" | "flexible";

/**
 * - `any` (default): the members of an object in any order, as JSON Schema has it;
 * - `schema`: in the order of `properties`, then required ones that are not named there, then others.
 */
export type PropertyOrder = "any" | "schema";

export interface SchemaSettings {
  readonly whitespace: Whitespace;
  readonly propertyOrder: PropertyOrder;
}

export const DEFAULT_SCHEMA_SETTINGS: SchemaSettings = { whitespace: "single_space", propertyOrder: "any" };

/** The punctuation with its white space. White space stands behind what it follows, so each text is read one way. */
export interface Layout {
  readonly openObject: Regex;
  readonly closeObject: Regex;
  readonly openArray: Regex;
  readonly closeArray: Regex;
  readonly comma: Regex;
  /** Between a key's last quote and its value. */
  readonly colon: Regex;
  /** Behind a value inside an object or array. */
  readonly afterValue: Regex;
}

/** The punctuation of JSON under a policy for white space. */
export function createLayout(arena: RegexArena, whitespace: Whitespace): Layout {
  const space = arena.repeat(
    arena.bytes(bytesOfRanges([0x20, 0x20], [0x09, 0x0a], [0x0d, 0x0d])),
    0,
    Infinity,
  );
  const anywhere = whitespace === "flexible" ? space : arena.empty;
  const behind = whitespace === "single_space" ? arena.alt([literal(arena, " "), arena.empty]) : anywhere;
  return {
    openObject: arena.concat([literal(arena, "{"), anywhere]),
    closeObject: literal(arena, "}"),
    openArray: arena.concat([literal(arena, "["), anywhere]),
    closeArray: literal(arena, "]"),
    comma: arena.concat([literal(arena, ","), behind]),
    colon: arena.concat([anywhere, literal(arena, ":"), behind]),
    afterValue: anywhere,
  };
}
