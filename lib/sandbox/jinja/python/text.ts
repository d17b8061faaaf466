// Python's str functions on plain strings: white space, splitting, casing, replacing.
import { SPACE } from "../../../basics/python_space.ts";
import { checkItems } from "./values.ts";

const space = new RegExp(`[${SPACE}]`, "u");
const words = new RegExp(`[^${SPACE}]+`, "gu");

/** str.strip, lstrip or rstrip; `characters` null: white space. */
export function strip(value: string, side: "both" | "left" | "right", characters: string | null): string {
  const all = Array.from(value);
  const set = characters === null ? null : new Set(characters);
  const cut = (character: string) => set === null ? space.test(character) : set.has(character);
  let [from, to] = [0, all.length];
  while (side !== "right" && from < to && cut(all[from]!)) from++;
  while (side !== "left" && to > from && cut(all[to - 1]!)) to--;
  return from === 0 && to === all.length ? value : all.slice(from, to).join("");
}

/** str.split or rsplit; `separator` null: runs of white space; `limit` below 0: none.
 * Throws for an empty separator. */
export function split(value: string, separator: string | null, limit: number, fromRight: boolean): string[] {
  if (separator === "") throw new Error("empty separator");
  if (separator === null) return splitWords(value, limit, fromRight);
  const parts = value.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const cut = fromRight ? parts.length - limit : limit;
  return fromRight
    ? [parts.slice(0, cut).join(separator), ...parts.slice(cut)]
    : [...parts.slice(0, cut), parts.slice(cut).join(separator)];
}

function splitWords(value: string, limit: number, fromRight: boolean): string[] {
  const found: RegExpExecArray[] = [];
  for (const word of value.matchAll(words)) {
    checkItems(found.length);
    found.push(word);
  }
  if (limit < 0 || found.length <= limit) return found.map(([word]) => word);
  const texts = found.map(([word]) => word);
  if (!fromRight) {
    // Python cuts the white space behind the rest only where it cuts words there.
    const rest = value.slice(found[limit]!.index);
    return [...texts.slice(0, limit), rest];
  }
  const last = found[found.length - limit - 1]!;
  return [value.slice(0, last.index + last[0].length), ...texts.slice(texts.length - limit)];
}

/** Digraphs, whose title case is neither their upper nor their lower case. */
const digraphs: Readonly<Record<string, string>> = {
  Ǆ: "ǅ",
  ǅ: "ǅ",
  ǆ: "ǅ",
  Ǉ: "ǈ",
  ǈ: "ǈ",
  ǉ: "ǈ",
  Ǌ: "ǋ",
  ǋ: "ǋ",
  ǌ: "ǋ",
  Ǳ: "ǲ",
  ǲ: "ǲ",
  ǳ: "ǲ",
};

/** The iota that Greek writes below a vowel, or beside it in capitals. */
const iota = "\u0345";

function toTitle(character: string): string {
  const digraph = digraphs[character];
  if (digraph !== undefined) return digraph;
  if (/[\u10d0-\u10ff]/.test(character)) return character; // Georgian has capitals for whole words only
  if (character === "ŉ") return "ʼN";
  const parts = character.normalize("NFD");
  if (character !== iota && parts.endsWith(iota)) {
    const vowel = parts.slice(0, -1).normalize("NFC").toUpperCase();
    return vowel.length === 1 ? (vowel + iota).normalize("NFC") : vowel + iota;
  }
  const [first = "", ...rest] = character.toUpperCase();
  return first + rest.join("").toLowerCase();
}

const cased = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;

/** The character at `at` in lower case; a sigma at the end of a word has a form of its own. */
function toLower(value: string, character: string, at: number): string {
  if (character !== "Σ") return character.toLowerCase();
  return isNextToCased(value, at, -1) && !isNextToCased(value, at, 1) ? "ς" : "σ";
}

/** Whether the nearest character on one side of `at` that is not to be ignored has a case. */
function isNextToCased(value: string, at: number, step: 1 | -1): boolean {
  for (let next = at + step; next >= 0 && next < value.length; next += step) {
    const code = value.codePointAt(next)!;
    const isHalf = code >= 0xd800 && code < 0xe000;
    if (isHalf && next + step >= 0 && next + step < value.length) continue; // the other half has both
    const character = String.fromCodePoint(code);
    if (!/\p{Case_Ignorable}/u.test(character)) return cased.test(character);
    if (step === 1 && code > 0xffff) next++;
  }
  return false;
}

/** str.title(): a capital after everything that has no case. */
export function toTitleCase(value: string): string {
  let inside = false;
  return value.replace(/[^]/gu, (character, at: number) => {
    const isCased = cased.test(character);
    const made = !isCased ? character : inside ? toLower(value, character, at) : toTitle(character);
    inside = isCased;
    return made;
  });
}

/** str.capitalize(): the first character in title case, the others in lower case. */
export function capitalize(value: string): string {
  const [first = "", ...rest] = value;
  return toTitle(first) + (first + rest.join("")).toLowerCase().slice(first.toLowerCase().length);
}

/** str.swapcase(). */
export function swapCase(value: string): string {
  return value.replace(/[\p{Lowercase}\p{Uppercase}]/gu, (character, at: number) => {
    return /\p{Uppercase}/u.test(character) ? toLower(value, character, at) : character.toUpperCase();
  });
}

/** str.casefold(): Unicode's full case folding. */
export function foldCase(value: string): string {
  const folded = value.replace(/[^ıİẞ\p{sc=Cherokee}]/gu, (character) => {
    return character.toUpperCase().toLowerCase().replaceAll("ς", "σ");
  });
  return folded.replaceAll("İ", "i̇").replaceAll("ẞ", "ss").replace(
    /\p{sc=Cherokee}/gu,
    (character) => character.toUpperCase(),
  );
}

/** str.replace with a count (below 0: all); an empty `from` matches between all characters. */
export function replace(value: string, from: string, to: string, count: number): string {
  if (count < 0 && from !== "") return value.replaceAll(from, () => to);
  const parts = from === "" ? ["", ...value, ""] : value.split(from);
  const kept = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
  return parts.slice(0, kept + 1).join(to) + parts.slice(kept + 1).map((part) => from + part).join("");
}

// deno-lint-ignore no-control-regex -- U+001C to U+001E end lines in Python
const lineEnds = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/gu;

/** str.splitlines(). */
export function splitLines(value: string, keepEnds = false): string[] {
  const found: string[] = [];
  let at = 0;
  for (const match of value.matchAll(lineEnds)) {
    checkItems(found.length);
    const end = match.index + match[0].length;
    found.push(value.slice(at, keepEnds ? end : match.index));
    at = end;
  }
  return at < value.length ? [...found, value.slice(at)] : found;
}

/** str.count(part): occurrences that don't overlap. */
export function countOccurrences(value: string, part: string): number {
  return part === "" ? Array.from(value).length + 1 : value.split(part).length - 1;
}

/** str.expandtabs(size). */
export function expandTabs(value: string, size: number): string {
  let column = 0;
  return value.replace(/\t|\r|\n|[^\t\r\n]+/gu, (run) => {
    if (run === "\n" || run === "\r") {
      column = 0;
      return run;
    }
    const made = run === "\t" ? " ".repeat(size > 0 ? size - column % size : 0) : run;
    column += Array.from(made).length;
    return made;
  });
}
