// Methods of Python's str and dict that templates call; the library has a few of them, with their arguments ignored.
import { formatBraces } from "./format.ts";
import { pythonEqual, pythonText } from "./python.ts";
import {
  boolean,
  integer,
  isKeywords,
  isList,
  isMapping,
  isNone,
  isText,
  itemsOf,
  type List,
  list,
  type Mapping,
  none,
  numberOf,
  type Text,
  text,
  tuple,
  typeName,
  type Value,
} from "./values.ts";

/** Arguments of one call: positional, and by name. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: Map<string, Value>;
}

/** The argument at `index`, or called `name`. */
export function argument({ positional, named }: Arguments, index: number, name: string): Value | undefined {
  return positional[index] ?? named.get(name);
}

/** Splits what the library hands to a function: keyword arguments come last, in one value. */
export function splitArguments(args: readonly Value[]): Arguments {
  const last = args.at(-1);
  return last !== undefined && isKeywords(last)
    ? { positional: args.slice(0, -1), named: last.value }
    : { positional: args, named: new Map() };
}

export function textArgument(args: Arguments, index: number, name: string, fallback?: string): string {
  const value = argument(args, index, name);
  if (value === undefined && fallback !== undefined) return fallback;
  if (value === undefined || !isText(value)) {
    throw new Error(
      `expected a string for "${name}", got ${value === undefined ? "nothing" : typeName(value)}`,
    );
  }
  return value.value;
}

export function numberArgument(args: Arguments, index: number, name: string, fallback: number): number {
  const value = argument(args, index, name);
  return value === undefined || isNone(value) ? fallback : numberOf(value) ?? fallback;
}

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

function split(value: string, separator: string | null, limit: number, fromRight: boolean): string[] {
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

const lineEnd = new RegExp("\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]", "u");

function lines(value: string): string[] {
  const parts = value.split(lineEnd);
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

type Method<T> = (self: T, args: Arguments) => Value;

const characters = (args: Arguments): string | null => {
  const value = argument(args, 0, "chars");
  return value === undefined || isNone(value) ? null : textArgument(args, 0, "chars");
};
const separator = (args: Arguments): string | null => {
  const value = argument(args, 0, "sep");
  return value === undefined || isNone(value) ? null : textArgument(args, 0, "sep");
};
const words = (parts: string[]) => list(parts.map(text));
const anyOf = (args: Arguments, test: (prefix: string) => boolean): Value => {
  const value = args.positional[0];
  const candidates = value !== undefined && isList(value)
    ? value.value
    : [text(textArgument(args, 0, "prefix"))];
  return boolean(candidates.some((one) => isText(one) && test(one.value)));
};
const parted = (self: string, mark: string, at: number, missing: string[]) =>
  tuple((at < 0 ? missing : [self.slice(0, at), mark, self.slice(at + mark.length)]).map(text));
const codePoints = (value: string, units: number) =>
  units < 0 ? -1 : Array.from(value.slice(0, units)).length;

export const textMethods: Readonly<Record<string, Method<Text>>> = {
  strip: (s, args) => text(strip(s.value, "both", characters(args))),
  lstrip: (s, args) => text(strip(s.value, "left", characters(args))),
  rstrip: (s, args) => text(strip(s.value, "right", characters(args))),
  upper: (s) => text(s.value.toUpperCase()),
  lower: (s) => text(s.value.toLowerCase()),
  title: (s) => text(titleCase(s.value)),
  capitalize: (s) => text(capitalized(s.value)),
  split: (s, args) => words(split(s.value, separator(args), numberArgument(args, 1, "maxsplit", -1), false)),
  rsplit: (s, args) => words(split(s.value, separator(args), numberArgument(args, 1, "maxsplit", -1), true)),
  splitlines: (s) => words(lines(s.value)),
  startswith: (s, args) => anyOf(args, (prefix) => s.value.startsWith(prefix)),
  endswith: (s, args) => anyOf(args, (suffix) => s.value.endsWith(suffix)),
  removeprefix: (s, args) => {
    const prefix = textArgument(args, 0, "prefix");
    return text(s.value.startsWith(prefix) ? s.value.slice(prefix.length) : s.value);
  },
  removesuffix: (s, args) => {
    const suffix = textArgument(args, 0, "suffix");
    return text(suffix !== "" && s.value.endsWith(suffix) ? s.value.slice(0, -suffix.length) : s.value);
  },
  replace: (s, args) =>
    text(
      replaced(
        s.value,
        textArgument(args, 0, "old"),
        textArgument(args, 1, "new"),
        numberArgument(args, 2, "count", -1),
      ),
    ),
  join: (s, args) =>
    text(
      itemsOf(args.positional[0] ?? none).map((item) => {
        if (!isText(item)) throw new Error(`sequence item: expected str instance, ${typeName(item)} found`);
        return item.value;
      }).join(s.value),
    ),
  find: (s, args) => integer(codePoints(s.value, s.value.indexOf(textArgument(args, 0, "sub")))),
  rfind: (s, args) => integer(codePoints(s.value, s.value.lastIndexOf(textArgument(args, 0, "sub")))),
  index: (s, args) => {
    const at = s.value.indexOf(textArgument(args, 0, "sub"));
    if (at < 0) throw new Error("substring not found");
    return integer(codePoints(s.value, at));
  },
  count: (s, args) => integer(replaceCount(s.value, textArgument(args, 0, "sub"))),
  partition: (s, args) => {
    const mark = textArgument(args, 0, "sep");
    return parted(s.value, mark, s.value.indexOf(mark), [s.value, "", ""]);
  },
  rpartition: (s, args) => {
    const mark = textArgument(args, 0, "sep");
    return parted(s.value, mark, s.value.lastIndexOf(mark), ["", "", s.value]);
  },
  format: (s, { positional, named }) => text(formatBraces(s.value, positional, named)),
  isdigit: (s) => boolean(/^\p{Nd}+$/u.test(s.value)),
  isalpha: (s) => boolean(/^\p{L}+$/u.test(s.value)),
  isalnum: (s) => boolean(/^[\p{L}\p{N}]+$/u.test(s.value)),
  isspace: (s) => boolean(s.value !== "" && strip(s.value, "both", null) === ""),
  isupper: (s) => boolean(s.value !== s.value.toLowerCase() && s.value === s.value.toUpperCase()),
  islower: (s) => boolean(s.value !== s.value.toUpperCase() && s.value === s.value.toLowerCase()),
  zfill: (s, args) => text(s.value.padStart(numberArgument(args, 0, "width", 0), "0")),
  ljust: (s, args) =>
    text(s.value.padEnd(numberArgument(args, 0, "width", 0), textArgument(args, 1, "fillchar", " "))),
  rjust: (s, args) =>
    text(s.value.padStart(numberArgument(args, 0, "width", 0), textArgument(args, 1, "fillchar", " "))),
};

function replaceCount(value: string, part: string): number {
  return part === "" ? Array.from(value).length + 1 : value.split(part).length - 1;
}

export const mappingMethods: Readonly<Record<string, Method<Mapping>>> = {
  get: (self, { positional: [key = none, fallback = none] }) => self.value.get(pythonText(key)) ?? fallback,
  items: (self) => list(Array.from(self.value, ([key, value]) => tuple([text(key), value]))),
  keys: (self) => list(Array.from(self.value.keys(), text)),
  values: (self) => list([...self.value.values()]),
  copy: (self) => self,
};

export const listMethods: Readonly<Record<string, Method<List>>> = {
  index: (self, { positional: [item = none] }) => {
    const at = self.value.findIndex((one) => pythonEqual(one, item));
    if (at < 0) throw new Error("the item is not in the list");
    return integer(at);
  },
  count: (self, { positional: [item = none] }) =>
    integer(self.value.filter((one) => pythonEqual(one, item)).length),
};

/** The method `name` of a value with its `self` bound, or null. */
export function methodOf(self: Value, name: string): ((args: readonly Value[]) => Value) | null {
  const bound = <T extends Value>(table: Readonly<Record<string, Method<T>>>, value: T) => {
    const method = Object.hasOwn(table, name) ? table[name] : undefined;
    return method === undefined ? null : (args: readonly Value[]) => method(value, splitArguments(args));
  };
  if (isText(self)) return bound(textMethods, self);
  if (isMapping(self)) return bound(mappingMethods, self);
  return isList(self) ? bound(listMethods, self) : null;
}
