// Reads the pattern of a regular expression: ECMAScript with the flag u, parsed by regexpp. What cannot be a regular
// language, or needs a look behind, is refused by name and place.
import { RegExpParser, RegExpSyntaxError } from "@eslint-community/regexpp";
import type { AST } from "@eslint-community/regexpp";
import { placeInText, refusal } from "../ir/refusal.ts";
import { invertRanges } from "../ir/utf8.ts";
import type { CodePointRange } from "../ir/utf8.ts";
import { CharacterSets } from "./character_sets.ts";
import { dropNeedlessEscapes } from "./needless_escapes.ts";
import type { PatternNode } from "./tree.ts";

/** Groups in groups: deeper ones are refused before they are parsed. */
const MOST_NESTED = 500;
/** UTF-16 units of a pattern: its tree is an object for each character, 669 MB for 900,000 of them, and takes longer
 * than a constraint may. */
const MOST_UNITS = 2 ** 18;
const LINE_ENDS: readonly CodePointRange[] = [[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]];

export interface ReadOptions {
  /** Accept backslashes before signs that need none, and after that what is a pattern only without the flag u (Annex
   * B), as validators of JSON schemas do. */
  readonly lenient?: boolean;
  /** The flags i (letters of either case) and s (the dot is a line's end, too). */
  readonly ignoreCase?: boolean;
  readonly dotAll?: boolean;
  /** The pattern is searched for (search.ts), not made a language: \b and \B can be read. */
  readonly searched?: boolean;
}

/** The tree of a pattern. Throws refusals with line and column. */
export function readPattern(pattern: string, options: ReadOptions = {}): PatternNode {
  if (pattern.length > MOST_UNITS) {
    throw refusal(
      `The pattern has ${pattern.length} characters, more than the ${MOST_UNITS} that are read. ` +
        "A list of texts is better given as choices.",
    );
  }
  checkNesting(pattern);
  const { tree, offsets } = parse(pattern, options.lenient ?? false);
  return new Reader(pattern, options, offsets).alternatives(tree);
}

interface Parsed {
  readonly tree: AST.Pattern;
  /** Where a unit of what was parsed is in the pattern; null: at the same offset. */
  readonly offsets: readonly number[] | null;
}

/** Escapes that mean something else, or nothing, without the flag u. */
const NEEDS_UNICODE = /\\[pPk]|\\u\{/;

function parse(pattern: string, lenient: boolean): Parsed {
  try {
    return { tree: parseAs(pattern, true), offsets: null };
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    const tree = lenient ? parseLeniently(pattern) : null;
    if (tree !== null) return tree;
    const why = error.message.slice(error.message.lastIndexOf("/u: ") + 4);
    throw refusal(`The pattern can't be read: ${why}.`, placeInText(pattern, error.index));
  }
}

function parseLeniently(pattern: string): Parsed | null {
  const clean = dropNeedlessEscapes(pattern);
  for (
    const [source, unicode, offsets] of [[clean.pattern, true, clean.offsets], [
      pattern,
      false,
      null,
    ]] as const
  ) {
    if (!unicode && NEEDS_UNICODE.test(pattern)) continue;
    try {
      return { tree: parseAs(source, unicode), offsets };
    } catch (error) {
      if (!(error instanceof RegExpSyntaxError)) throw error;
    }
  }
  return null;
}

function parseAs(pattern: string, unicode: boolean): AST.Pattern {
  return new RegExpParser({ ecmaVersion: 2025 }).parsePattern(pattern, 0, pattern.length, { unicode });
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

/** Offsets in what was parsed. */
type Span = Pick<AST.NodeBase, "start" | "end">;

class Reader {
  readonly #pattern: string;
  readonly #options: ReadOptions;
  readonly #offsets: readonly number[] | null;
  readonly #sets = new CharacterSets();

  constructor(pattern: string, options: ReadOptions, offsets: readonly number[] | null) {
    this.#pattern = pattern;
    this.#options = options;
    this.#offsets = offsets;
  }

  alternatives(node: Span & { readonly alternatives: readonly AST.Alternative[] }): PatternNode {
    const ways = node.alternatives.map((way) => this.#sequence(way));
    return ways.length === 1 ? ways[0]! : compose("alt", this.#span(node), ways);
  }

  #sequence(node: AST.Alternative): PatternNode {
    const parts: PatternNode[] = [];
    for (let i = 0; i < node.elements.length; i++) {
      const [element, next] = [node.elements[i]!, node.elements[i + 1]];
      const code = joinSurrogates(element, next);
      if (code === null) parts.push(this.#element(element));
      else {
        parts.push(this.#setNode({ start: element.start, end: next!.end }, [[code, code]]));
        i++;
      }
    }
    return parts.length === 1 ? parts[0]! : compose("concat", this.#span(node), parts);
  }

  #element(node: AST.Element): PatternNode {
    switch (node.type) {
      case "Assertion":
        return this.#assertion(node);
      case "Quantifier": {
        const of = this.#element(node.element);
        return { kind: "repeat", of, min: node.min, max: node.max, ...this.#span(node), plain: of.plain };
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
        return this.#setNode(node, this.#set(node));
    }
  }

  #assertion(node: AST.Assertion): PatternNode {
    switch (node.kind) {
      case "start":
      case "end":
        return { kind: node.kind, ...this.#span(node), plain: false };
      case "lookahead": {
        const of = this.alternatives(node);
        return { kind: "ahead", of, negated: node.negate, ...this.#span(node), plain: false };
      }
      case "lookbehind":
        throw this.#refused(node, "A look-behind");
      case "word":
        if (!this.#options.searched) throw this.#refused(node, `The word boundary ${node.raw}`);
        return { kind: "boundary", negated: node.negate, ...this.#span(node), plain: false };
    }
  }

  #set(node: AST.Character | AST.CharacterSet | AST.CharacterClass): readonly CodePointRange[] {
    switch (node.type) {
      case "Character":
        return this.#cased([[node.value, node.value]]);
      case "CharacterSet":
        if (node.kind === "any") return invertRanges(this.#options.dotAll ? [] : LINE_ENDS);
        return this.#sets.ranges(node.raw, this.#options.ignoreCase);
      case "CharacterClass": {
        const ranges = node.elements.flatMap((element): readonly CodePointRange[] => {
          if (element.type === "CharacterClassRange") {
            return this.#cased([[element.min.value, element.max.value]]);
          }
          if (element.type === "Character" || element.type === "CharacterSet") return this.#set(element);
          throw this.#refused(element, "Set arithmetic (the flag v)");
        });
        return node.negate ? invertRanges(ranges) : ranges;
      }
    }
  }

  #cased(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
    return this.#options.ignoreCase ? this.#sets.anyCase(ranges) : ranges;
  }

  #setNode(place: Span, ranges: readonly CodePointRange[]): PatternNode {
    return { kind: "set", ranges, ...this.#span(place), plain: true };
  }

  #span({ start, end }: Span): { readonly from: number; readonly to: number } {
    return { from: this.#offsets?.[start] ?? start, to: this.#offsets?.[end] ?? end };
  }

  #refused(node: AST.Node, what: string): Error {
    const { from } = this.#span(node);
    const where = this.#options.searched ? "a search" : "a constraint";
    return refusal(`${what} is not supported in ${where}.`, placeInText(this.#pattern, from));
  }
}

function compose(
  kind: "concat" | "alt",
  span: { readonly from: number; readonly to: number },
  of: readonly PatternNode[],
): PatternNode {
  return { kind, of, ...span, plain: of.every((part) => part.plain) };
}

/** Without the flag u a character beyond U+FFFF is parsed as two: the code point of both, or null for others. */
function joinSurrogates(high: AST.Element, low: AST.Element | undefined): number | null {
  if (high.type !== "Character" || low?.type !== "Character") return null;
  if (high.value < 0xd800 || high.value > 0xdbff || low.value < 0xdc00 || low.value > 0xdfff) return null;
  return 0x10000 + (high.value - 0xd800) * 0x400 + low.value - 0xdc00;
}
