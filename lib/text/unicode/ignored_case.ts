// Where Oniguruma's `(?i)` differs from JavaScript's flag i: a property by itself keeps its case there, "ss" matches
// "ß" and the other way round, and what is excluded in a class is folded before it is taken away.

const PROPERTY = /\\[pP]\{[^}]*\}/gu;
const CLASS = /\[(?:\\.|\[(?:\\.|[^\]\\])*\]|[^\]\\])*\]/gsu;
/** Letters that are one with several others, and those others. */
const SEVERAL = /ss|st|ff|fi|fl|[ßẞİŉǰΐΰևẖ-ẚὐ-ὖᾀ-ᾯᾲ-ᾷᾼῂ-ῇῌῒ-ῗῢ-ῧῲ-ῷῼﬀ-ﬆﬓ-ﬗ\p{M}ʼ]/iu;

/** Writes an expression so that JavaScript ignores case where Oniguruma does. Throws an error where it can't. */
export function keepCaseOfProperties(source: string): string {
  const ranges = rangesOf(source);
  for (const [start, end] of ranges) checkRange(source.slice(start, end));
  if (ranges.length === 0) return source;
  let depth = 0; // of classes
  return source.replace(/\\[pP]\{[^}]*\}|\\[^]|\[|\]/gu, (part, at: number) => {
    if (part === "[") depth++;
    if (part === "]") depth = Math.max(0, depth - 1);
    const ignored = ranges.some(([start, end]) => at >= start && at < end);
    return ignored && depth === 0 && part.length > 2 ? `(?-i:${part})` : part;
  });
}

function checkRange(part: string): void {
  const excluded = (part.match(CLASS) ?? []).find((one) => /\\P|\\p\{\^|\[:\^|&&\[\^/u.test(one));
  if (excluded !== undefined) throw new Error(`${excluded} where case is ignored`);
  const several = SEVERAL.exec(part.replace(PROPERTY, " ").replace(CLASS, " "));
  if (several !== null) {
    throw new Error(`${several[0]} where case is ignored, which is one letter and several`);
  }
}

/** Where case is ignored: the rest after `(?i)`, the inside of `(?i:…)`. */
function rangesOf(source: string): [start: number, end: number][] {
  return Array.from(
    source.matchAll(/(?<!\\)\(\?[a-z]*i[a-z]*(?:-[a-z]+)?([:)])/gu),
    ({ 0: opening, 1: kind, index }) => {
      const start = index + opening.length;
      return [start, kind === ")" ? source.length : closingOf(source, start)];
    },
  );
}

/** Where the group ends whose inside begins at `start`. */
function closingOf(source: string, start: number): number {
  let depth = 1;
  let inClass = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at];
    if (character === "\\") at++;
    else if (character === "[") inClass++;
    else if (character === "]") inClass = Math.max(0, inClass - 1);
    else if (inClass === 0 && character === "(") depth++;
    else if (inClass === 0 && character === ")" && --depth === 0) return at;
  }
  return source.length;
}
