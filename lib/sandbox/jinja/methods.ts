// Methods of Python's str and dict that templates call; the library has a few of them, with their arguments ignored.
import { formatBraces } from "./format.ts";
import { capitalized, lines, occurrences, replaced, split, strip, titleCase } from "./text.ts";
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
  count: (s, args) => integer(occurrences(s.value, textArgument(args, 0, "sub"))),
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
