// Methods of Python's str.
import { asCount, asText, bind, positionalOnly } from "./arguments.ts";
import { resolveBound } from "./slices.ts";
import {
  capitalize,
  caseFolded,
  lines,
  occurrences,
  replace,
  split,
  strip,
  swapCase,
  tabsExpanded,
  titleCase,
} from "./text.ts";
import { indexOf } from "./numbers.ts";
import { digits, numeric } from "./numerals.ts";
import { codePoints, itemsOf } from "./collections.ts";
import { type Arguments, checkSize, Dict, limitLength, Tuple, typeName, type Value } from "./values.ts";

export type TextMethod = (self: string, args: Arguments) => Value;

const plain = (name: string, make: (self: string) => Value): TextMethod => (self, args) => {
  bind(name, "", args);
  return make(self);
};

const stripping = (name: string, side: "both" | "left" | "right"): TextMethod => (self, args) => {
  const [characters = null] = bind(name, "chars? /", args);
  return strip(self, side, characters === null ? null : asText(characters, `${name} arg`));
};

const splitting = (name: string, fromRight: boolean): TextMethod => (self, args) => {
  const [separator = null, limit] = bind(name, "sep? maxsplit?", args);
  return split(self, separator === null ? null : asText(separator, "sep"), asCount(limit, -1), fromRight);
};

/** The part of a text between two indices in code points, and where it begins; null where there is none. */
function section(self: string, start: Value | undefined, end: Value | undefined) {
  const all = Array.from(self);
  const [from, to] = [resolveBound(start, 0, all.length), resolveBound(end, all.length, all.length)];
  const beyond = typeof start === "bigint" && start > BigInt(all.length);
  return from > to || beyond ? null : { text: all.slice(from, to).join(""), from };
}

const finding = (name: string, last: boolean, strict: boolean): TextMethod => (self, args) => {
  const [part, start, end] = bind(name, "sub start? end? /", args);
  const where = section(self, start, end);
  const wanted = asText(part!, `${name} argument 1`);
  const at = where === null ? -1 : last ? where.text.lastIndexOf(wanted) : where.text.indexOf(wanted);
  if (at >= 0) return BigInt(where!.from + codePoints(where!.text.slice(0, at)));
  if (strict) throw new Error("substring not found");
  return -1n;
};

const affix = (name: string, test: (text: string, part: string) => boolean): TextMethod => (self, args) => {
  const [parts, start, end] = bind(name, "prefix start? end? /", args);
  const where = section(self, start, end);
  const all = parts instanceof Tuple ? parts.items : [parts!];
  return all.map((part) => asText(part, `${name} first arg`)).some((part) =>
    where !== null && test(where.text, part)
  );
};

const padding =
  (name: string, before: (space: number, width: number) => number): TextMethod => (self, args) => {
    const [width, fill = " "] = bind(name, "width fillchar? /", args);
    const character = asText(fill, "the fill character");
    if (codePoints(character) !== 1) throw new Error("The fill character must be exactly one character long");
    const space = Math.max(asCount(width, 0) - codePoints(self), 0);
    checkSize(space);
    const left = before(space, asCount(width, 0));
    return character.repeat(left) + self + character.repeat(space - left);
  };

const parting = (name: string, last: boolean): TextMethod => (self, args) => {
  const mark = asText(bind(name, "sep /", args)[0]!, "sep");
  if (mark === "") throw new Error("empty separator");
  const at = last ? self.lastIndexOf(mark) : self.indexOf(mark);
  if (at < 0) return new Tuple(last ? ["", "", self] : [self, "", ""]);
  return new Tuple([self.slice(0, at), mark, self.slice(at + mark.length)]);
};

const all = (pattern: RegExp) => (self: string) => pattern.test(self);
const cased = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;

/** Capitals stand where no letter with case is before them, small letters only behind one. */
function istitle(self: string): boolean {
  let behind = false;
  for (const character of self) {
    const isCased = cased.test(character);
    if (isCased && /\p{Lowercase}/u.test(character) !== behind) return false;
    behind = isCased;
  }
  return cased.test(self);
}

const tests: Readonly<Record<string, (self: string) => boolean>> = {
  isalnum: all(/^[\p{L}\p{N}]+$/u),
  isalpha: all(/^\p{L}+$/u),
  // deno-lint-ignore no-control-regex -- ASCII has them
  isascii: all(/^[\x00-\x7f]*$/),
  isdecimal: all(/^\p{Nd}+$/u),
  isdigit: all(digits),
  isidentifier: all(/^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  islower: (self) => cased.test(self) && !/[\p{Uppercase}\p{Lt}]/u.test(self),
  isnumeric: all(numeric),
  isprintable: (self) => !/(?! )[\p{C}\p{Z}]/u.test(self),
  isspace: (self) => self !== "" && strip(self, "both", null) === "",
  istitle,
  isupper: (self) => cased.test(self) && !/[\p{Lowercase}\p{Lt}]/u.test(self),
};

/** By name; `format` and `format_map` are with the members, since they read attributes. */
export const textMethods: Readonly<Record<string, TextMethod>> = {
  ...Object.fromEntries(Object.entries(tests).map(([name, test]) => [name, plain(name, test)])),
  capitalize: plain("capitalize", capitalize),
  casefold: plain("casefold", caseFolded),
  lower: plain("lower", (self) => self.toLowerCase()),
  swapcase: plain("swapcase", swapCase),
  title: plain("title", titleCase),
  upper: plain("upper", (self) => self.toUpperCase()),
  strip: stripping("strip", "both"),
  lstrip: stripping("lstrip", "left"),
  rstrip: stripping("rstrip", "right"),
  split: splitting("split", false),
  rsplit: splitting("rsplit", true),
  splitlines(self, args) {
    const [kept = false] = bind("splitlines", "keepends?", args);
    return lines(self, indexOf(kept) !== 0n);
  },
  find: finding("find", false, false),
  rfind: finding("rfind", true, false),
  index: finding("index", false, true),
  rindex: finding("rindex", true, true),
  count: (self, args) => {
    const [part, start, end] = bind("count", "sub start? end? /", args);
    const where = section(self, start, end);
    return BigInt(where === null ? 0 : occurrences(where.text, asText(part!, "count argument 1")));
  },
  startswith: affix("startswith", (text, part) => text.startsWith(part)),
  endswith: affix("endswith", (text, part) => text.endsWith(part)),
  removeprefix: (self, args) => {
    const part = asText(bind("removeprefix", "prefix /", args)[0]!, "prefix");
    return self.startsWith(part) ? self.slice(part.length) : self;
  },
  removesuffix: (self, args) => {
    const part = asText(bind("removesuffix", "suffix /", args)[0]!, "suffix");
    return part !== "" && self.endsWith(part) ? self.slice(0, -part.length) : self;
  },
  replace: (self, args) => {
    const [from, to, count] = bind("replace", "old new count? /", args);
    return limitLength(replace(self, asText(from!, "old"), asText(to!, "new"), asCount(count, -1)));
  },
  join: (self, args) => {
    const items = itemsOf(bind("join", "iterable /", args)[0]!);
    return limitLength(items.map((item, i) => asText(item, `sequence item ${i}:`)).join(self));
  },
  partition: parting("partition", false),
  rpartition: parting("rpartition", true),
  center: padding("center", (space, width) => Math.floor(space / 2) + (space & width & 1)),
  ljust: padding("ljust", () => 0),
  rjust: padding("rjust", (space) => space),
  zfill: (self, args) => {
    const space = Math.max(asCount(bind("zfill", "width /", args)[0], 0) - codePoints(self), 0);
    checkSize(space);
    const sign = /^[-+]/.exec(self)?.[0] ?? "";
    return sign + "0".repeat(space) + self.slice(sign.length);
  },
  expandtabs: (self, args) => {
    const size = asCount(bind("expandtabs", "tabsize?", args)[0], 8);
    checkSize(size * occurrences(self, "\t"));
    return tabsExpanded(self, size);
  },
  translate: (self, args) => translate(self, bind("translate", "table /", args)[0]!),
  maketrans: (_, args) => translationTable(positionalOnly("maketrans", args)),
};

function translate(self: string, table: Value): string {
  if (!(table instanceof Dict)) throw new Error(`translate() needs a dict here, not ${typeName(table)}`);
  return limitLength(
    Array.from(self, (character) => {
      const found = table.get(BigInt(character.codePointAt(0)!));
      if (found === undefined) return character;
      if (found === null) return "";
      return typeof found === "bigint" ? String.fromCodePoint(Number(found)) : asText(found, "a translation");
    }).join(""),
  );
}

function translationTable([from, to, removed]: readonly Value[]): Value {
  const code = (key: Value) =>
    typeof key === "bigint" ? key : BigInt(asText(key, "a key").codePointAt(0) ?? 0);
  if (from instanceof Dict && to === undefined) {
    return new Dict(from.entries().map(([key, value]) => [code(key), value] as const));
  }
  const [left, right] = [Array.from(asText(from ?? null, "x")), Array.from(asText(to ?? null, "y"))];
  if (left.length !== right.length) {
    throw new Error("the first two maketrans arguments must have equal length");
  }
  const table = new Dict(left.map((key, i) => [code(key), code(right[i]!)] as const));
  for (const key of removed === undefined ? "" : asText(removed, "z")) table.set(code(key), null);
  return table;
}
