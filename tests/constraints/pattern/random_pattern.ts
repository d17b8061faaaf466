// Random patterns of what ECMAScript has (flag u) and automata decide, and texts that they may match.
import { pick } from "../random.ts";

const ATOMS = [
  ...[
    "a",
    "b",
    "c",
    "ab",
    ".",
    "\\d",
    "\\w",
    "\\s",
    "\\W",
    "\\S",
    "[ab]",
    "[^a]",
    "[a-c_]",
    "[^\\w]",
    "é",
    "[à-ü]",
    "😀",
  ],
  ...[
    "\\p{L}",
    "\\p{Lu}",
    "\\P{L}",
    "\\u{e9}",
    "\\x41",
    "\\.",
    "\\n",
    "-",
    "[\\d.-]",
    "\\p{Script=Greek}",
    "[^]",
    "[]",
    "\\/",
  ],
];
const QUANTIFIERS = ["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "+?", "{0}"];
const PIECES = ["a", "b", "c", "ab", "é", "ü", "😀", "1", "_", " ", "\n", "A", "-", ".", "α", "/", "\u2028"];

/** `assertions`: what may stand between characters. */
export function randomPattern(random: () => number, assertions: readonly string[], depth = 3): string {
  const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    if (random() < 0.15 && assertions.length > 0) return pick(random, assertions);
    const nested = depth > 0 && random() < 0.4;
    const open = pick(random, ["(", "(?:", `(?<n${depth}${Math.floor(random() * 1e9)}>`]);
    const atom = nested ? `${open}${randomPattern(random, assertions, depth - 1)})` : pick(random, ATOMS);
    if (random() >= 0.4) return atom;
    const single = nested || /^(\\.|\[|\(|.$)/u.test(atom);
    return `${single ? atom : `(?:${atom})`}${pick(random, QUANTIFIERS)}`;
  });
  return random() < 0.25 ? `${parts.join("")}|${parts.at(-1)}${pick(random, ATOMS)}` : parts.join("");
}

export function randomText(random: () => number, most = 7): string {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(random, PIECES)).join("");
}
