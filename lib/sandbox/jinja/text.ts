// Python's str functions on plain strings: white space, splitting, casing, replacing.

// str.strip() and str.split() without arguments: White_Space and the four separators U+001C to U+001F.
const space = "[\\p{White_Space}\\x1c-\\x1f]";
const leading = new RegExp(`^${space}+`, "u");
const trailing = new RegExp(`${space}+$`, "u");

/** str.strip, lstrip or rstrip; `characters` null: white space. */
export function strip(value: string, side: "both" | "left" | "right", characters: string | null): string {
  if (characters === null) {
    const cut = side === "right" ? value : value.replace(leading, "");
    return side === "left" ? cut : trimEnd(cut);
  }
  const all = Array.from(value);
  const set = new Set(characters);
  let [from, to] = [0, all.length];
  while (side !== "right" && from < to && set.has(all[from] ?? "")) from++;
  while (side !== "left" && to > from && set.has(all[to - 1] ?? "")) to--;
  return all.slice(from, to).join("");
}

// The pattern alone would try every space inside the text: quadratic in a run of spaces.
function trimEnd(value: string): string {
  let to = value.length;
  while (to > 0 && trailing.test(value.charAt(to - 1))) to--;
  return value.slice(0, to);
}

export function split(value: string, separator: string | null, limit: number, fromRight: boolean): string[] {
  const parts = separator === null
    ? value.match(new RegExp(`[^\\p{White_Space}\\x1c-\\x1f]+`, "gu")) ?? []
    : cut(value, separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (separator === null) return splitWords(value, limit, fromRight);
  return fromRight
    ? [parts.slice(0, -limit || undefined).join(separator), ...(limit === 0 ? [] : parts.slice(-limit))]
    : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

function cut(value: string, separator: string): string[] {
  if (separator === "") throw new Error("empty separator");
  return value.split(separator);
}

function splitWords(value: string, limit: number, fromRight: boolean): string[] {
  const words: string[] = [];
  let rest = strip(value, fromRight ? "right" : "left", null);
  const first = new RegExp(`^([^\\p{White_Space}\\x1c-\\x1f]+)${space}+`, "u");
  const last = new RegExp(`${space}+([^\\p{White_Space}\\x1c-\\x1f]+)$`, "u");
  while (words.length < limit) {
    const match = (fromRight ? last : first).exec(rest);
    if (match === null) break;
    words.push(match[1] ?? "");
    rest = fromRight ? rest.slice(0, match.index) : rest.slice(match[0].length);
  }
  return fromRight ? [rest, ...words.reverse()] : [...words, rest];
}

/** str.title(): a capital after everything that is no letter. */
export function titleCase(value: string): string {
  return value.replace(/\p{L}+/gu, capitalized);
}

export function capitalized(value: string): string {
  const [first = "", ...rest] = value;
  return first.toUpperCase() + rest.join("").toLowerCase();
}

/** str.replace with a count; an empty `from` matches between all characters. */
export function replaced(value: string, from: string, to: string, count: number): string {
  if (count < 0) return from === "" ? ["", ...value, ""].join(to) : value.replaceAll(from, () => to);
  const parts = from === "" ? ["", ...value, ""] : value.split(from);
  const kept = Math.min(count, parts.length - 1);
  return parts.slice(0, kept + 1).join(to) + parts.slice(kept + 1).map((part) => from + part).join("");
}

// deno-lint-ignore no-control-regex -- U+001C to U+001E end lines in Python
const lineEnd = new RegExp("\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]", "u");

export function lines(value: string): string[] {
  const parts = value.split(lineEnd);
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

/** str.count(part): occurrences that don't overlap. */
export function occurrences(value: string, part: string): number {
  return part === "" ? Array.from(value).length + 1 : value.split(part).length - 1;
}
