// Jinja's filters, as Jinja2 3.1 defines them; `tojson` as Transformers does.
import {
  argument,
  type Arguments,
  capitalized,
  numberArgument,
  replaced,
  strip,
  textArgument,
} from "./methods.ts";
import { applyOperator, compareValues } from "./operators.ts";
import { pythonEqual, pythonJson, pythonText } from "./python.ts";
import { testCalled } from "./tests.ts";
import {
  float,
  integer,
  isInteger,
  isList,
  isMapping,
  isNamespace,
  isNone,
  isText,
  isUndefined,
  itemsOf,
  list,
  type Mapping,
  missing,
  none,
  numberOf,
  text,
  truth,
  tuple,
  type Value,
} from "./values.ts";

type Filter = (value: Value, args: Arguments) => Value;

const flag = (args: Arguments, index: number, name: string, fallback = false): boolean => {
  const value = argument(args, index, name);
  return value === undefined ? fallback : truth(value);
};
const rest = ({ positional, named }: Arguments, from: number): Arguments => ({
  positional: positional.slice(from),
  named,
});

/** value.a.b or value.0; undefined where a part is missing. */
export function attributeOf(value: Value, path: Value): Value {
  const parts = isInteger(path) ? [String(path.value)] : pythonText(path).split(".");
  return parts.reduce((at: Value, part) => {
    if (isMapping(at) || isNamespace(at)) return at.value.get(part) ?? missing;
    return (isList(at) && /^\d+$/.test(part) ? at.value[Number(part)] : undefined) ?? missing;
  }, value);
}

/** What map, select, sort, ... look at in each item: the item itself, or one of its attributes. */
function keyOf(args: Arguments, index: number): (item: Value) => Value {
  const path = argument(args, index, "attribute");
  if (path === undefined || isNone(path)) return (item) => item;
  const fallback = args.named.get("default");
  return (item) => {
    const found = attributeOf(item, path);
    return isUndefined(found) && fallback !== undefined ? fallback : found;
  };
}

const folded = (args: Arguments, index: number) => (value: Value): Value =>
  isText(value) && !flag(args, index, "case_sensitive") ? text(value.value.toLowerCase()) : value;

function sorted(items: readonly Value[], key: (item: Value) => Value, reverse: boolean): Value[] {
  const sign = reverse ? -1 : 1;
  return items.map((item) => [key(item), item] as const)
    .sort(([a], [b]) => sign * compareValues(a, b)).map(([, item]) => item);
}

function selected(value: Value, args: Arguments, wanted: boolean, byAttribute: boolean): Value {
  const key = byAttribute
    ? keyOf({ positional: args.positional, named: new Map() }, 0)
    : (item: Value) => item;
  const [name, against = none] = args.positional.slice(byAttribute ? 1 : 0);
  const passes = name === undefined ? truth : (item: Value) => testCalled(pythonText(name))(item, against);
  return list(itemsOf(value).filter((item) => passes(key(item)) === wanted));
}

function unique(value: Value, args: Arguments): Value {
  const key = keyOf(args, 1);
  const seen: Value[] = [];
  return list(
    itemsOf(value).filter((item) => {
      const mark = folded(args, 0)(key(item));
      const isNew = !seen.some((one) => pythonEqual(one, mark));
      if (isNew) seen.push(mark);
      return isNew;
    }),
  );
}

function extreme(value: Value, args: Arguments, sign: 1 | -1): Value {
  const key = keyOf(args, 1);
  const fold = folded(args, 0);
  return itemsOf(value).reduce((best, item) => {
    return isUndefined(best) || sign * compareValues(fold(key(item)), fold(key(best))) > 0 ? item : best;
  }, missing);
}

function toInteger(value: Value, args: Arguments): Value {
  const fallback = argument(args, 0, "default") ?? integer(0);
  const number = isText(value) ? pythonNumber(value.value) : numberOf(value);
  return number === null || !Number.isFinite(number) ? fallback : integer(Math.trunc(number));
}

function pythonNumber(written: string): number | null {
  const trimmed = written.trim().replace(/(?<=\d)_(?=\d)/g, "");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : null;
}

function rounded(value: Value, args: Arguments): Value {
  const number = numberOf(value) ?? 0;
  const scale = 10 ** numberArgument(args, 0, "precision", 0);
  const method = textArgument(args, 1, "method", "common");
  if (method === "ceil") return float(Math.ceil(number * scale) / scale);
  if (method === "floor") return float(Math.floor(number * scale) / scale);
  const half = number * scale;
  const down = Math.floor(half);
  const even = half - down === 0.5 ? down + Math.abs(down % 2) : Math.round(half);
  return isInteger(value) ? integer(even / scale) : float(even / scale);
}

function indented(value: string, args: Arguments): string {
  const width = argument(args, 0, "width") ?? integer(4);
  const margin = isText(width) ? width.value : " ".repeat(numberOf(width) ?? 4);
  const [first, blank] = [flag(args, 1, "first"), flag(args, 2, "blank")];
  return value.split("\n").map((line, i) => {
    return (i === 0 ? first : blank || line !== "") ? margin + line : line;
  }).join("\n");
}

function json(value: Value, args: Arguments): Value {
  const indent = argument(args, 1, "indent") ?? none;
  const separators = argument(args, 2, "separators") ?? none;
  const [item = ", ", key = ": "] = isList(separators) ? separators.value.map(pythonText) : [];
  return text(pythonJson(value, {
    ensureAscii: flag(args, 0, "ensure_ascii"),
    indent: isNone(indent) ? null : isText(indent) ? indent.value : " ".repeat(numberOf(indent) ?? 0),
    separators: isList(separators) ? [item, key] : null,
    sortKeys: flag(args, 3, "sort_keys"),
  }));
}

function entries(value: Value): [string, Value][] {
  if (isUndefined(value)) return [];
  if (!isMapping(value)) throw new Error("Can only get item pairs from a mapping.");
  return [...(value as Mapping).value];
}

function dictsort(value: Value, args: Arguments): Value {
  const by = textArgument(args, 1, "by", "key") === "key" ? 0 : 1;
  const pairs = entries(value).map(([key, item]) => tuple([text(key), item]));
  return list(
    sorted(pairs, (pair) => folded(args, 0)(attributeOf(pair, integer(by))), flag(args, 2, "reverse")),
  );
}

function grouped(value: Value, args: Arguments): Value {
  const key = keyOf(args, 0);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(itemsOf(value), key, false)) {
    const last = groups.at(-1);
    if (last !== undefined && pythonEqual(last.key, key(item))) last.items.push(item);
    else groups.push({ key: key(item), items: [item] });
  }
  return list(groups.map((group) => tuple([group.key, list(group.items)])));
}

function batched(value: Value, args: Arguments): Value {
  const size = Math.max(numberArgument(args, 0, "linecount", 1), 1);
  const items = itemsOf(value);
  const fill = argument(args, 1, "fill_with");
  const rows = Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );
  const short = size - (rows.at(-1)?.length ?? size);
  if (fill !== undefined) rows.at(-1)?.push(...Array.from({ length: short }, () => fill));
  return list(rows.map(list));
}

function lengthOf(value: Value): number {
  return isText(value) ? Array.from(value.value).length : itemsOf(value).length;
}

function mapped(value: Value, args: Arguments): Value {
  if (args.named.has("attribute")) return list(itemsOf(value).map(keyOf(args, Infinity)));
  const name = textArgument(args, 0, "filter");
  return list(itemsOf(value).map((item) => applyFilter(name, item, rest(args, 1))));
}

function joined(value: Value, args: Arguments): Value {
  const key = keyOf(args, 1);
  return text(
    itemsOf(value).map((item) => pythonText(key(item))).join(pythonText(argument(args, 0, "d") ?? text(""))),
  );
}

const stringFilter = (make: (value: string, args: Arguments) => string): Filter => (value, args) =>
  text(make(pythonText(value), args));

function fallback(value: Value, args: Arguments): Value {
  const replace = isUndefined(value) || flag(args, 1, "boolean") && !truth(value);
  return replace ? argument(args, 0, "default_value") ?? text("") : value;
}

const filters: Readonly<Record<string, Filter>> = {
  tojson: json,
  default: fallback,
  d: fallback,
  string: stringFilter((value) => value),
  safe: (value) => value,
  trim: stringFilter((value, args) => {
    const characters = argument(args, 0, "chars");
    return strip(
      value,
      "both",
      characters === undefined || isNone(characters) ? null : pythonText(characters),
    );
  }),
  upper: stringFilter((value) => value.toUpperCase()),
  lower: stringFilter((value) => value.toLowerCase()),
  title: stringFilter(titled),
  capitalize: stringFilter(capitalized),
  replace: stringFilter((value, args) =>
    replaced(
      value,
      textArgument(args, 0, "old"),
      textArgument(args, 1, "new"),
      numberArgument(args, 2, "count", -1),
    )
  ),
  indent: stringFilter(indented),
  escape: stringFilter(escaped),
  e: stringFilter(escaped),
  format: (value, { positional }) => applyOperator("%", value, tuple([...positional])),
  wordcount: (value) => integer(pythonText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  length: (value) => integer(lengthOf(value)),
  count: (value) => integer(lengthOf(value)),
  list: (value) => list([...itemsOf(value)]),
  first: (value) => itemsOf(value)[0] ?? missing,
  last: (value) => itemsOf(value).at(-1) ?? missing,
  join: joined,
  reverse: (value) =>
    isText(value) ? text(Array.from(value.value).reverse().join("")) : list([...itemsOf(value)].reverse()),
  sort: (value, args) => {
    const key = keyOf(args, 2);
    return list(sorted(itemsOf(value), (item) => folded(args, 1)(key(item)), flag(args, 0, "reverse")));
  },
  unique,
  map: mapped,
  select: (value, args) => selected(value, args, true, false),
  reject: (value, args) => selected(value, args, false, false),
  selectattr: (value, args) => selected(value, args, true, true),
  rejectattr: (value, args) => selected(value, args, false, true),
  groupby: grouped,
  batch: batched,
  sum: (value, args) => {
    const start = argument(args, 1, "start") ?? integer(0);
    return itemsOf(value).map(keyOf(args, 0)).reduce((sum, item) => applyOperator("+", sum, item), start);
  },
  max: (value, args) => extreme(value, args, 1),
  min: (value, args) => extreme(value, args, -1),
  items: (value) => list(entries(value).map(([key, item]) => tuple([text(key), item]))),
  dictsort,
  int: toInteger,
  float: (value, args) => {
    const number = isText(value) ? pythonNumber(value.value) : numberOf(value);
    return number === null ? argument(args, 0, "default") ?? float(0) : float(number);
  },
  abs: (value) => (isInteger(value) ? integer : float)(Math.abs(numberOf(value) ?? 0)),
  round: rounded,
};

/** Jinja's own: a capital at the start and after a space, a dash or an opening bracket. */
function titled(value: string): string {
  return value.replace(/[^-\s({[<]+/g, capitalized);
}

function escaped(value: string): string {
  const named: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&#34;",
    "'": "&#39;",
  };
  return value.replace(/[&<>"']/g, (c) => named[c] ?? c);
}

/** `value | name(args)`; throws a sentence where there is no such filter. */
export function applyFilter(name: string, value: Value, args: Arguments): Value {
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (filter === undefined) throw new Error(`No filter named '${name}'`);
  return filter(value, args);
}
