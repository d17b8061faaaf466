// Backslashes before signs that need none ("\-", "\"", "\@"): an error with the flag u, common in the wild and without
// any doubt about what is meant.
const MEANT_AS_THEY_ARE = /[\s"'#%&,:;<=>@_`~!-]/;

/** A pattern without such backslashes, and for each of its units (and its end) where that was in the source. */
export interface CleanPattern {
  readonly pattern: string;
  readonly offsets: readonly number[];
}

/** Drops the backslashes of a pattern before signs that mean themselves without one. */
export function dropNeedlessEscapes(source: string): CleanPattern {
  const offsets: number[] = [];
  let pattern = "";
  let inClass = false;
  const keep = (at: number) => {
    pattern += source[at];
    offsets.push(at);
  };
  for (let i = 0; i < source.length; i++) {
    if (source[i] === "\\" && i + 1 < source.length) {
      const escaped = source[i + 1]!;
      const needed = !MEANT_AS_THEY_ARE.test(escaped) || inClass && escaped === "-";
      if (needed) keep(i);
      keep(++i);
      continue;
    }
    if (source[i] === "[") inClass = true;
    else if (source[i] === "]") inClass = false;
    keep(i);
  }
  offsets.push(source.length);
  return { pattern, offsets };
}
