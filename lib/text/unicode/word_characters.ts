// Oniguruma's word characters. Inside a class they are letters, marks, decimal digits and connectors; `\w`, `\W`, `\b`
// and `\B` by themselves count Latin-1's other numbers too. oniguruma-to-es takes every number for one in both places.

const inside = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";
const word = `[${inside}²³¹¼½¾]`;
const noWord = `[^${word.slice(1)}`;

const alone: Readonly<Record<string, string>> = {
  "\\w": word,
  "\\W": noWord,
  "\\p{Word}": word,
  "\\P{Word}": noWord,
  "\\b": `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`,
  "\\B": `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`,
};
const inClass: Readonly<Record<string, string>> = {
  "\\w": inside,
  "\\W": `[^${inside}]`,
  "[:word:]": inside,
  "[:^word:]": `[^${inside}]`,
};

/** Writes out the word characters of an expression in Oniguruma's syntax. */
export function spellOutWords(source: string): string {
  let depth = 0; // of classes
  return source.replace(/\\[pP]\{Word\}|\\[^]|\[:\^?[a-z]+:\]|\[\^?\]?|\]/gu, (part) => {
    if (part.startsWith("[:") && depth > 0) return inClass[part] ?? part;
    if (part.startsWith("[")) depth++;
    else if (part === "]") depth = Math.max(0, depth - 1);
    return (depth > 0 ? inClass[part] : alone[part]) ?? part;
  });
}
