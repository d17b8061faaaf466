// Reads the pattern of a regular expression: ECMAScript with the flag u, parsed by regexpp. What cannot be a regular
// language, or needs a look behind, is refused by name and place.
import { RegExpParser, RegExpSyntaxError } from "@eslint-community/regexpp";
import type { AST } from "@eslint-community/regexpp";
import { placeInText, refusal } from "../ir/refusal.ts";
import { invertRanges } from "../ir/utf8.ts";
import type { CodePointRange } from "../ir/utf8.ts";
import { CharacterSets } from "./character_sets.ts";
import type { PatternNode } from "./tree.ts";

/** Groups in groups: deeper ones are refused before they are parsed. */
const MOST_NESTED = 500;
const LINE_ENDS: readonly CodePointRange[] = [[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]];

/**
 * The tree of a pattern. `lenient`: what is no pattern with the flag u is read once more without it (Annex B), as
 * validators of JSON schemas do. Throws refusals with line and column.
 */
export function readPattern(pattern: string, { lenient = false } = {}): PatternNode {
  checkNesting(pattern);
  return new Reader(pattern).alternatives(parse(pattern, lenient));
}

function parse(pattern: string, lenient: boolean): AST.Pattern {
  const parser = new RegExpParser({ ecmaVersion: 2025 });
  try {
    return parser.parsePattern(pattern, 0, pattern.length, { unicode: true });
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    if (lenient) {
      try {
        return parser.parsePattern(pattern, 0, pattern.length, { unicode: false });
      } catch { /* the first error says what is wrong */ }
    }
    const why = error.message.slice(error.message.lastIndexOf("/u: ") + 4);
    throw refusal(`The pattern can't be read: ${why}.`, placeInText(pattern, error.index));
  }
}

function checkNesting(pattern: string): void {
  let depth = 0;
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern[i];
    if (unit === "\\") i++;
    else if (inClass) inClass = unit !== "]";
    else if (unit === "[") inClass = true;
    else if (unit === ")") depth--;
    else if (unit === "(" && ++depth > MOST_NESTED) {
      throw refusal(`The pattern nests deeper than ${MOST_NESTED} groups.`, placeInText(pattern, i));
    }
  }
}

class Reader {
  readonly #pattern: string;
  readonly #sets = new CharacterSets();

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  alternatives(node: { start: number; end: number; alternatives: AST.Alternative[] }): PatternNode {
    const ways = node.alternatives.map((way) => this.#sequence(way));
    return ways.length === 1 ? ways[0]! : composed("alt", node, ways);
  }

  #sequence(node: AST.Alternative): PatternNode {
    const parts: PatternNode[] = [];
    for (let i = 0; i < node.elements.length; i++) {
      const [element, next] = [node.elements[i]!, node.elements[i + 1]];
      const code = surrogatePair(element, next);
      if (code === null) parts.push(this.#element(element));
      else {
        parts.push(setNode({ start: element.start, end: next!.end }, [[code, code]]));
        i++;
      }
    }
    return parts.length === 1 ? parts[0]! : composed("concat", node, parts);
  }

  #element(node: AST.Element): PatternNode {
    switch (node.type) {
      case "Assertion":
        return this.#assertion(node);
      case "Quantifier": {
        const of = this.#element(node.element);
        const { min, max } = node;
        return { kind: "repeat", of, min, max, from: node.start, to: node.end, plain: of.plain };
      }
      case "Group":
        if (node.modifiers !== null) throw this.#refused(node, "Modifiers of a group");
        return this.alternatives(node);
      case "CapturingGroup":
        return this.alternatives(node);
      case "Backreference":
        throw this.#refused(node, "A back-reference");
      case "ExpressionCharacterClass":
        throw this.#refused(node, "Set arithmetic (the flag v)");
      default:
        return setNode(node, this.#set(node));
    }
  }

  #assertion(node: AST.Assertion): PatternNode {
    switch (node.kind) {
      case "start":
      case "end":
        return { kind: node.kind, from: node.start, to: node.end, plain: false };
      case "lookahead": {
        const [from, to, negated] = [node.start, node.end, node.negate];
        return { kind: "ahead", of: this.alternatives(node), negated, from, to, plain: false };
      }
      case "lookbehind":
        throw this.#refused(node, "A look-behind");
      case "word":
        throw this.#refused(node, `The word boundary ${node.raw}`);
    }
  }

  #set(node: AST.Character | AST.CharacterSet | AST.CharacterClass): readonly CodePointRange[] {
    switch (node.type) {
      case "Character":
        return [[node.value, node.value]];
      case "CharacterSet":
        return node.kind === "any" ? invertRanges(LINE_ENDS) : this.#sets.ranges(node.raw);
      case "CharacterClass": {
        const ranges = node.elements.flatMap((element): readonly CodePointRange[] => {
          if (element.type === "CharacterClassRange") return [[element.min.value, element.max.value]];
          if (element.type === "Character" || element.type === "CharacterSet") return this.#set(element);
          throw this.#refused(element, "Set arithmetic (the flag v)");
        });
        return node.negate ? invertRanges(ranges) : ranges;
      }
    }
  }

  #refused(node: AST.Node, what: string): Error {
    return refusal(`${what} is not supported in a constraint.`, placeInText(this.#pattern, node.start));
  }
}

function composed(
  kind: "concat" | "alt",
  { start, end }: { readonly start: number; readonly end: number },
  of: readonly PatternNode[],
): PatternNode {
  return { kind, of, from: start, to: end, plain: of.every((part) => part.plain) };
}

function setNode(
  { start, end }: { readonly start: number; readonly end: number },
  ranges: readonly CodePointRange[],
): PatternNode {
  return { kind: "set", ranges, from: start, to: end, plain: true };
}

/** Without the flag u a character beyond U+FFFF is parsed as two: the code point of both, or null for others. */
function surrogatePair(high: AST.Element, low: AST.Element | undefined): number | null {
  if (high.type !== "Character" || low?.type !== "Character") return null;
  if (high.value < 0xd800 || high.value > 0xdbff || low.value < 0xdc00 || low.value > 0xdfff) return null;
  return 0x10000 + (high.value - 0xd800) * 0x400 + low.value - 0xdc00;
}
