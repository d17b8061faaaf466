// A grammar in GBNF or in Lark's notation.
import type { Expr } from "../ir/grammar.ts";
import { buildGrammar } from "./build.ts";
import type { Building } from "./build.ts";
import { parseGbnf } from "./gbnf.ts";
import { parseLark } from "./lark.ts";

/** The start of a grammar; the sign behind the first rule's name tells the notation. Throws refusals with line and
 * column. */
export function compileGrammar(building: Building): Expr {
  const { source } = building;
  const firstRule = /^[^\S\n]*[?!]*[\w-]+[^\S\n]*(::=|:(?!:))/m.exec(source);
  const isLark = firstRule !== null ? firstRule[1] === ":" : source.trim() !== "" && !source.includes("::=");
  return buildGrammar(isLark ? parseLark(source) : parseGbnf(source), building);
}
