// Patterns that begin with a run of one class, as `\s+$`: an expression that looks for one begins anew at each
// character of a run that ends otherwise, and goes to its end each time. A mebibyte of spaces before a letter takes it
// an hour.

/** A class, or what stands for one, at the beginning of an expression. */
const SHORT_CLASS = /^(?:\\[pP]\{[^}]*\}|\\[sSdDwW])/;

/** The source of the class C where an expression is `C+R` or `C+?R`, whatever R is; null: it is none. Where there is no
 * match at a place, there is none behind it in the same run: all places where R could begin were tried. */
export function leadingClassOf(source: string): string | null {
  const end = source.startsWith("[") ? endOfClass(source, 0) : SHORT_CLASS.exec(source)?.[0].length ?? 0;
  const rest = source.slice(end + 1);
  if (end === 0 || source[end] !== "+" || rest === "" || hasAlternatives(rest)) return null;
  return source.slice(0, end);
}

/** Where the class that begins at a place ends. */
function endOfClass(source: string, start: number): number {
  for (let at = start, depth = 0; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "[") depth++;
    else if (source[at] === "]" && --depth === 0) return at + 1;
  }
  return source.length;
}

/** Whether an expression says "or" outside of its groups. */
function hasAlternatives(source: string): boolean {
  for (let at = 0, depth = 0; at < source.length; at++) {
    const sign = source[at];
    if (sign === "\\") at++;
    else if (sign === "[") at = endOfClass(source, at) - 1;
    else if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (sign === "|" && depth === 0) return true;
  }
  return false;
}
