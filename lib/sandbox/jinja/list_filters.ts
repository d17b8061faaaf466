// Jinja's filters over lists and dicts: sorting, grouping, selecting.
import { argument, type Arguments, numberArgument, textArgument } from "./methods.ts";
import { compareValues } from "./operators.ts";
import { pythonEqual, pythonText } from "./python.ts";
import { testCalled } from "./tests.ts";
import {
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
  text,
  truth,
  tuple,
  type Value,
} from "./values.ts";

export const flag = (args: Arguments, index: number, name: string, fallback = false): boolean => {
  const value = argument(args, index, name);
  return value === undefined ? fallback : truth(value);
};

/** value.a.b or value.0; undefined where a part is missing. */
export function attributeOf(value: Value, path: Value): Value {
  const parts = isInteger(path) ? [String(path.value)] : pythonText(path).split(".");
  return parts.reduce((at: Value, part) => {
    if (isMapping(at) || isNamespace(at)) return at.value.get(part) ?? missing;
    return (isList(at) && /^\d+$/.test(part) ? at.value[Number(part)] : undefined) ?? missing;
  }, value);
}

/** What map, select, sort, ... look at in each item: the item itself, or one of its attributes. */
export function keyOf(args: Arguments, index: number): (item: Value) => Value {
  const path = argument(args, index, "attribute");
  if (path === undefined || isNone(path)) return (item) => item;
  const fallback = args.named.get("default");
  return (item) => {
    const found = attributeOf(item, path);
    return isUndefined(found) && fallback !== undefined ? fallback : found;
  };
}

export const folded = (args: Arguments, index: number) => (value: Value): Value =>
  isText(value) && !flag(args, index, "case_sensitive") ? text(value.value.toLowerCase()) : value;

export function sorted(items: readonly Value[], key: (item: Value) => Value, reverse: boolean): Value[] {
  const sign = reverse ? -1 : 1;
  return items.map((item) => [key(item), item] as const)
    .sort(([a], [b]) => sign * compareValues(a, b)).map(([, item]) => item);
}

export function selected(value: Value, args: Arguments, wanted: boolean, byAttribute: boolean): Value {
  const key = byAttribute
    ? keyOf({ positional: args.positional, named: new Map() }, 0)
    : (item: Value) => item;
  const [name, against = none] = args.positional.slice(byAttribute ? 1 : 0);
  const passes = name === undefined ? truth : (item: Value) => testCalled(pythonText(name))(item, against);
  return list(itemsOf(value).filter((item) => passes(key(item)) === wanted));
}

export function unique(value: Value, args: Arguments): Value {
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

export function extreme(value: Value, args: Arguments, sign: 1 | -1): Value {
  const key = keyOf(args, 1);
  const fold = folded(args, 0);
  return itemsOf(value).reduce((best, item) => {
    return isUndefined(best) || sign * compareValues(fold(key(item)), fold(key(best))) > 0 ? item : best;
  }, missing);
}

export function entries(value: Value): [string, Value][] {
  if (isUndefined(value)) return [];
  if (!isMapping(value)) throw new Error("Can only get item pairs from a mapping.");
  return [...(value as Mapping).value];
}

export function dictsort(value: Value, args: Arguments): Value {
  const by = textArgument(args, 1, "by", "key") === "key" ? 0 : 1;
  const pairs = entries(value).map(([key, item]) => tuple([text(key), item]));
  return list(
    sorted(pairs, (pair) => folded(args, 0)(attributeOf(pair, integer(by))), flag(args, 2, "reverse")),
  );
}

export function grouped(value: Value, args: Arguments): Value {
  const key = keyOf(args, 0);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(itemsOf(value), key, false)) {
    const last = groups.at(-1);
    if (last !== undefined && pythonEqual(last.key, key(item))) last.items.push(item);
    else groups.push({ key: key(item), items: [item] });
  }
  return list(groups.map((group) => tuple([group.key, list(group.items)])));
}

export function batched(value: Value, args: Arguments): Value {
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

export function joined(value: Value, args: Arguments): Value {
  const key = keyOf(args, 1);
  return text(
    itemsOf(value).map((item) => pythonText(key(item))).join(pythonText(argument(args, 0, "d") ?? text(""))),
  );
}
