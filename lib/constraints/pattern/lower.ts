// From a pattern's tree to whatever stands for languages: byte expressions, or parts of a grammar. Anchors and
// look-aheads depend on what is around them, so a node is lowered together with what follows it ("continuation"), once
// for the beginning of the text and once for any other place:
//   ^ K = K at the beginning, else nothing;   $ K = the empty text if K has it, else nothing;
//   (?=X) K = (X anything) and K;             (?!X) K = K without (X anything).
import type { CodePointRange } from "../ir/utf8.ts";
import type { PatternNode } from "./tree.ts";

/** How languages of the kind T are made. */
export interface PatternAlgebra<T> {
  readonly empty: T;
  readonly nothing: T;
  /** One character of the ranges. */
  set(ranges: readonly CodePointRange[], node: PatternNode): T;
  concat(parts: readonly T[]): T;
  alt(ways: readonly T[]): T;
  repeat(of: T, min: number, max: number): T;
  isNullable(language: T): boolean;
  /** The language without the empty text. */
  nonEmpty(language: T): T;
  /** Look-aheads, or null where there are none. */
  readonly ahead: LookAhead<T> | null;
  /** Throws: this node stands where it can't be lowered. */
  refuse(node: PatternNode, why: string): never;
}

export interface LookAhead<T> {
  /** Every text. */
  readonly anything: T;
  /** The texts that are in `language` and in `other`, or not in `other`. */
  restrict(language: T, other: T, negated: boolean): T;
}

/** What follows, where nothing was read before and where something was. */
interface Around<T> {
  readonly atStart: T;
  readonly inside: T;
}

/** The texts that match as a whole. */
export function matchWhole<T>(algebra: PatternAlgebra<T>, node: PatternNode): T {
  return lower(algebra, node, { atStart: algebra.empty, inside: algebra.empty }).atStart;
}

/** The texts in which something matches; `anything` stands for every text. */
export function searchMatch<T>(algebra: PatternAlgebra<T>, node: PatternNode, anything: T): T {
  const { atStart, inside } = lower(algebra, node, { atStart: anything, inside: anything });
  return algebra.alt([atStart, algebra.concat([algebra.nonEmpty(anything), inside])]);
}

function lower<T>(algebra: PatternAlgebra<T>, node: PatternNode, then: Around<T>): Around<T> {
  if (node.plain) return follow(algebra, lowerPlain(algebra, node), then);
  switch (node.kind) {
    case "set":
      return follow(algebra, algebra.set(node.ranges, node), then);
    case "concat":
      return node.of.reduceRight((rest, part) => lower(algebra, part, rest), then);
    case "alt": {
      const ways = node.of.map((way) => lower(algebra, way, then));
      return {
        atStart: algebra.alt(ways.map((way) => way.atStart)),
        inside: algebra.alt(ways.map((way) => way.inside)),
      };
    }
    case "start":
      return { atStart: then.atStart, inside: algebra.nothing };
    case "end":
      return { atStart: restrictToEnd(algebra, then.atStart), inside: restrictToEnd(algebra, then.inside) };
    case "ahead":
      return lowerAhead(algebra, node, then);
    case "boundary":
      return algebra.refuse(node, "A word boundary is not supported in a constraint.");
    case "repeat":
      return lowerRepeat(algebra, node, then);
  }
}

function lowerAhead<T>(
  algebra: PatternAlgebra<T>,
  node: Extract<PatternNode, { readonly kind: "ahead" }>,
  then: Around<T>,
): Around<T> {
  const ahead = algebra.ahead ?? algebra.refuse(node, "A look-ahead is not supported in a constraint.");
  const begins = lower(algebra, node.of, { atStart: ahead.anything, inside: ahead.anything });
  return {
    atStart: ahead.restrict(then.atStart, begins.atStart, node.negated),
    inside: ahead.restrict(then.inside, begins.inside, node.negated),
  };
}

/** A node without anchors and look-aheads. */
function lowerPlain<T>(algebra: PatternAlgebra<T>, node: PatternNode): T {
  switch (node.kind) {
    case "set":
      return algebra.set(node.ranges, node);
    case "concat":
      return algebra.concat(node.of.map((part) => lowerPlain(algebra, part)));
    case "alt":
      return algebra.alt(node.of.map((way) => lowerPlain(algebra, way)));
    case "repeat":
      return algebra.repeat(lowerPlain(algebra, node.of), node.min, node.max);
    default:
      return algebra.refuse(node, "It can't stand here.");
  }
}

function follow<T>(algebra: PatternAlgebra<T>, language: T, { atStart, inside }: Around<T>): Around<T> {
  const behind = algebra.concat([language, inside]);
  if (atStart === inside) return { atStart: behind, inside: behind };
  const moved = algebra.concat([algebra.nonEmpty(language), inside]);
  const stayed = algebra.isNullable(language) ? atStart : algebra.nothing;
  return { atStart: algebra.alt([moved, stayed]), inside: behind };
}

function restrictToEnd<T>(algebra: PatternAlgebra<T>, then: T): T {
  return algebra.isNullable(then) ? algebra.empty : algebra.nothing;
}

/** A repeat with anchors in it: ^ can only hold in rounds before which nothing was read, $ only in rounds behind which
 * nothing is. Rounds that read nothing count as often as they are needed. */
function lowerRepeat<T>(
  algebra: PatternAlgebra<T>,
  node: Extract<PatternNode, { readonly kind: "repeat" }>,
  then: Around<T>,
): Around<T> {
  if (hasAhead(node.of)) {
    algebra.refuse(node, "A look-ahead within a repeat is not supported in a constraint.");
  }
  const { empty, nothing } = algebra;
  const last = lower(algebra, node.of, { atStart: empty, inside: empty }); // where $ holds at its end
  const usual = lower(algebra, withoutEnd(node.of), { atStart: empty, inside: empty });
  const oneLess = (skips: boolean) => skips ? 0 : Math.max(0, node.min - 1);
  const rounds = (min: number, max: number): T => {
    const plain = algebra.concat([algebra.repeat(usual.inside, min, max), then.inside]);
    if (max === 0 || !algebra.isNullable(then.inside)) return plain;
    const before = algebra.isNullable(last.inside) ? 0 : Math.max(0, min - 1);
    return algebra.alt([plain, algebra.concat([algebra.repeat(usual.inside, before, max - 1), last.inside])]);
  };
  const staysBefore = algebra.isNullable(usual.atStart);
  const ways = [
    algebra.concat([algebra.nonEmpty(usual.atStart), rounds(oneLess(staysBefore), node.max - 1)]),
  ];
  if (node.min === 0 || staysBefore) ways.push(then.atStart);
  else if (algebra.isNullable(last.atStart) && algebra.isNullable(then.atStart)) ways.push(empty);
  const endsAtOnce = oneLess(staysBefore || algebra.isNullable(last.inside)) === 0;
  ways.push(endsAtOnce && algebra.isNullable(then.inside) ? algebra.nonEmpty(last.atStart) : nothing);
  return { atStart: algebra.alt(ways), inside: rounds(node.min, node.max) };
}

function hasAhead(node: PatternNode): boolean {
  switch (node.kind) {
    case "ahead":
      return true;
    case "concat":
    case "alt":
      return node.of.some(hasAhead);
    case "repeat":
      return hasAhead(node.of);
    default:
      return false;
  }
}

/** The node where $ never holds. */
function withoutEnd(node: PatternNode): PatternNode {
  if (node.plain) return node;
  switch (node.kind) {
    case "end":
      return { ...node, kind: "set", ranges: [] };
    case "concat":
    case "alt":
      return { ...node, of: node.of.map(withoutEnd) };
    case "repeat":
      return { ...node, of: withoutEnd(node.of) };
    default:
      return node;
  }
}
