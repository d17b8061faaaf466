// Methods of Python's str.
import { asCount, asText, bind, takePositional, withoutArguments } from "./arguments.ts";
import { resolveBound } from "./slices.ts";
import {
  capitalize,
  countOccurrences,
  expandTabs,
  foldCase,
  replace,
  split,
  splitLines,
  strip,
  swapCase,
  toTitleCase,
} from "./text.ts";
import { indexOf } from "./numbers.ts";
import { digits, numeric } from "./numerals.ts";
import { countCodePoints, itemsOf } from "./collections.ts";
import { type Arguments, checkSize, Dict, limitLength, Tuple, typeNameOf, type Value } from "./values.ts";

export type TextMethod = (self: string, args: Arguments) => Value;

const createStrip = (name: string, side: "both" | "left" | "right"): TextMethod => (self, args) => {
  const [characters = null] = bind(name, "chars? /", args);
  return strip(self, side, characters === null ? null : asText(characters, `${name} arg`));
};

const createSplit = (name: string, fromRight: boolean): TextMethod => (self, args) => {
  const [separator = null, limit] = bind(name, "sep? maxsplit?", args);
  return split(self, separator === null ? null : asText(separator, "sep"), asCount(limit, -1), fromRight);
};

/** The part of a text between two indices in code points, and where it begins; null where there is none. */
function cutSection(self: string, start: Value | undefined, end: Value | undefined) {
  const all = Array.from(self);
  const [from, to] = [resolveBound(start, 0, all.length), resolveBound(end, all.length, all.length)];
  const beyond = typeof start === "bigint" && start > BigInt(all.length);
  return from > to || beyond ? null : { text: all.slice(from, to).join(""), from };
}

const createFind = (name: string, last: boolean, strict: boolean): TextMethod => (self, args) => {
  const [part, start, end] = bind(name, "sub start? end? /", args);
  const where = cutSection(self, start, end);
  const wanted = asText(part!, `${name} argument 1`);
  const at = where === null ? -1 : last ? where.text.lastIndexOf(wanted) : where.text.indexOf(wanted);
  if (at >= 0) return BigInt(where!.from + countCodePoints(where!.text.slice(0, at)));
  if (strict) throw new Error("substring not found");
  return -1n;
};

const createAffixTest =
  (name: string, test: (text: string, part: string) => boolean): TextMethod => (self, args) => {
    const [parts, start, end] = bind(name, "prefix start? end? /", args);
    const where = cutSection(self, start, end);
    const all = parts instanceof Tuple ? parts.items : [parts!];
    return all.map((part) => asText(part, `${name} first arg`)).some((part) =>
      where !== null && test(where.text, part)
    );
  };

const createPad =
  (name: string, before: (space: number, width: number) => number): TextMethod => (self, args) => {
    const [width, fill = " "] = bind(name, "width fillchar? /", args);
    const character = asText(fill, "the fill character");
    if (countCodePoints(character) !== 1) {
      throw new Error("The fill character must be exactly one character long");
    }
    const space = Math.max(asCount(width, 0) - countCodePoints(self), 0);
    checkSize(space);
    const left = before(space, asCount(width, 0));
    return character.repeat(left) + self + character.repeat(space - left);
  };

const createPartition = (name: string, last: boolean): TextMethod => (self, args) => {
  const mark = asText(bind(name, "sep /", args)[0]!, "sep");
  if (mark === "") throw new Error("empty separator");
  const at = last ? self.lastIndexOf(mark) : self.indexOf(mark);
  if (at < 0) return new Tuple(last ? ["", "", self] : [self, "", ""]);
  return new Tuple([self.slice(0, at), mark, self.slice(at + mark.length)]);
};

const matchesAll = (pattern: RegExp) => (self: string) => pattern.test(self);
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
  isalnum: matchesAll(/^[\p{L}\p{N}]+$/u),
  isalpha: matchesAll(/^\p{L}+$/u),
  // deno-lint-ignore no-control-regex -- ASCII has them
  isascii: matchesAll(/^[\x00-\x7f]*$/),
  isdecimal: matchesAll(/^\p{Nd}+$/u),
  isdigit: matchesAll(digits),
  isidentifier: matchesAll(/^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  islower: (self) => cased.test(self) && !/[\p{Uppercase}\p{Lt}]/u.test(self),
  isnumeric: matchesAll(numeric),
  isprintable: (self) => !/(?! )[\p{C}\p{Z}]/u.test(self),
  isspace: (self) => self !== "" && strip(self, "both", null) === "",
  istitle,
  isupper: (self) => cased.test(self) && !/[\p{Lowercase}\p{Lt}]/u.test(self),
};

/** By name; `format` and `format_map` are with the members, since they read attributes. */
export const textMethods: Readonly<Record<string, TextMethod>> = {
  ...Object.fromEntries(Object.entries(tests).map(([name, test]) => [name, withoutArguments(name, test)])),
  capitalize: withoutArguments("capitalize", capitalize),
  casefold: withoutArguments("casefold", foldCase),
  lower: withoutArguments("lower", (self) => self.toLowerCase()),
  swapcase: withoutArguments("swapcase", swapCase),
  title: withoutArguments("title", toTitleCase),
  upper: withoutArguments("upper", (self) => self.toUpperCase()),
  strip: createStrip("strip", "both"),
  lstrip: createStrip("lstrip", "left"),
  rstrip: createStrip("rstrip", "right"),
  split: createSplit("split", false),
  rsplit: createSplit("rsplit", true),
  splitlines(self, args) {
    const [kept = false] = bind("splitlines", "keepends?", args);
    return splitLines(self, indexOf(kept) !== 0n);
  },
  find: createFind("find", false, false),
  rfind: createFind("rfind", true, false),
  index: createFind("index", false, true),
  rindex: createFind("rindex", true, true),
  count: (self, args) => {
    const [part, start, end] = bind("count", "sub start? end? /", args);
    const where = cutSection(self, start, end);
    return BigInt(where === null ? 0 : countOccurrences(where.text, asText(part!, "count argument 1")));
  },
  startswith: createAffixTest("startswith", (text, part) => text.startsWith(part)),
  endswith: createAffixTest("endswith", (text, part) => text.endsWith(part)),
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
  partition: createPartition("partition", false),
  rpartition: createPartition("rpartition", true),
  center: createPad("center", (space, width) => Math.floor(space / 2) + (space & width & 1)),
  ljust: createPad("ljust", () => 0),
  rjust: createPad("rjust", (space) => space),
  zfill: (self, args) => {
    const space = Math.max(asCount(bind("zfill", "width /", args)[0], 0) - countCodePoints(self), 0);
    checkSize(space);
    const sign = /^[-+]/.exec(self)?.[0] ?? "";
    return sign + "0".repeat(space) + self.slice(sign.length);
  },
  expandtabs: (self, args) => {
    const size = asCount(bind("expandtabs", "tabsize?", args)[0], 8);
    checkSize(size * countOccurrences(self, "\t"));
    return expandTabs(self, size);
  },
  translate: (self, args) => translate(self, bind("translate", "table /", args)[0]!),
  maketrans: (_, args) => buildTranslation(takePositional("maketrans", args)),
};

function translate(self: string, table: Value): string {
  if (!(table instanceof Dict)) throw new Error(`translate() needs a dict here, not ${typeNameOf(table)}`);
  return limitLength(
    Array.from(self, (character) => {
      const found = table.get(BigInt(character.codePointAt(0)!));
      if (found === undefined) return character;
      if (found === null) return "";
      return typeof found === "bigint" ? String.fromCodePoint(Number(found)) : asText(found, "a translation");
    }).join(""),
  );
}

function buildTranslation([from, to, removed]: readonly Value[]): Value {
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
