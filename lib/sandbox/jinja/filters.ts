// Jinja's filters, as Jinja2 3.1 defines them; `tojson` as Transformers does.
import { argument, type Arguments, numberArgument, textArgument } from "./methods.ts";
import {
  batched,
  dictsort,
  entries,
  extreme,
  flag,
  folded,
  grouped,
  joined,
  keyOf,
  selected,
  sorted,
  unique,
} from "./list_filters.ts";
import { capitalized, replaced, strip } from "./text.ts";
import { applyOperator } from "./operators.ts";
import { pythonJson, pythonText } from "./python.ts";
import {
  float,
  integer,
  isInteger,
  isList,
  isNone,
  isText,
  isUndefined,
  itemsOf,
  list,
  missing,
  none,
  numberOf,
  text,
  truth,
  tuple,
  type Value,
} from "./values.ts";

type Filter = (value: Value, args: Arguments) => Value;

const rest = ({ positional, named }: Arguments, from: number): Arguments => ({
  positional: positional.slice(from),
  named,
});

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

function lengthOf(value: Value): number {
  return isText(value) ? Array.from(value.value).length : itemsOf(value).length;
}

function mapped(value: Value, args: Arguments): Value {
  if (args.named.has("attribute")) return list(itemsOf(value).map(keyOf(args, Infinity)));
  const name = textArgument(args, 0, "filter");
  return list(itemsOf(value).map((item) => applyFilter(name, item, rest(args, 1))));
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
  // deno-lint-ignore no-control-regex -- Python counts them as white space
  return value.replace(/[^-\p{White_Space}\x1c-\x1f({[<]+/gu, capitalized);
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
