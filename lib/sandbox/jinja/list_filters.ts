// Jinja2's filters for lists, dicts and other collections.
import type { Environment, Filter } from "./environment.ts";
import { asCount, bind, withoutArguments } from "./python/arguments.ts";
import { compareValues, isEqual, sortValues } from "./python/compare.ts";
import { itemOf } from "./python/members.ts";
import { indexOf } from "./python/numbers.ts";
import { applyOperator } from "./python/operators.ts";
import { pythonText } from "./python/repr.ts";
import { isTrue, itemsOf, iterate, iterateValue, sizeOf, withFallback } from "./python/collections.ts";
import {
  type Arguments,
  checkItems,
  Dict,
  isList,
  limitLength,
  Range,
  Stream,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
  View,
} from "./python/values.ts";

type Key = (item: Value) => Value;

const toLowerText = (value: Value): Value => textOf(value)?.toLowerCase() ?? value;
const fold = (caseSensitive: Value | undefined): Key =>
  isTrue(caseSensitive ?? false) ? (value) => value : toLowerText;

/** "a.0.b" as the items that it leads through. */
function partsOf(attribute: Value): Value[] {
  const text = textOf(attribute);
  if (text === null) return attribute === null ? [] : [attribute];
  return text.split(".").map((part) => /^\p{Nd}+$/u.test(part) ? BigInt(part) : part);
}

/** What `attribute` leads to from an item; `fallback` where that is undefined. */
function keyOfAttribute(attribute: Value | undefined, fallback: Value = null): Key {
  const parts = partsOf(attribute ?? null);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = itemOf(value, part);
      if (fallback !== null && value instanceof Undefined) value = fallback;
    }
    return value;
  };
}

/** Several attributes with commas, as a list. */
function keyOfAttributes(attribute: Value | undefined, after: Key): Key {
  const text = textOf(attribute ?? null);
  const keys = text === null
    ? [keyOfAttribute(attribute)]
    : text.split(",").map((one) => keyOfAttribute(one));
  return (item) => keys.map((key) => after(key(item)));
}

const sort: Filter = (value, args) => {
  const [reverse = false, caseSensitive, attribute] = bind(
    "sort",
    "reverse? case_sensitive? attribute?",
    args,
  );
  const key = keyOfAttributes(attribute, fold(caseSensitive));
  return sortValues(itemsOf(value), key, indexOf(reverse) !== 0n);
};

const dictsort: Filter = (value, args) => {
  const [caseSensitive, by = "key", reverse = false] = bind("dictsort", "case_sensitive? by? reverse?", args);
  const at = ["key", "value"].indexOf(textOf(by) ?? "");
  if (at < 0) throw new Error('You can only sort by either "key" or "value"');
  if (value instanceof Undefined) throw new Error(value.message);
  if (!(value instanceof Dict)) throw new Error(`'${typeNameOf(value)}' object has no attribute 'items'`);
  const items = value.entries().map((entry) => new Tuple(entry));
  const key = fold(caseSensitive);
  return sortValues(items, (item) => key((item as Tuple).items[at]!), indexOf(reverse) !== 0n);
};

const unique: Filter = (value, args) => {
  const [caseSensitive, attribute] = bind("unique", "case_sensitive? attribute?", args);
  const [key, after] = [keyOfAttribute(attribute), fold(caseSensitive)];
  return new Stream((function* () {
    const seen = new Dict();
    for (const item of iterateValue(value)) {
      const known = after(key(item));
      if (seen.get(known) !== undefined) continue;
      seen.set(known, true);
      yield item;
    }
  })());
};

const createExtreme = (name: string, sign: number): Filter => (value, args) => {
  const [caseSensitive, attribute] = bind(name, "case_sensitive? attribute?", args);
  const [key, after] = [keyOfAttribute(attribute), fold(caseSensitive)];
  const [first, ...rest] = itemsOf(value);
  if (first === undefined) return new Undefined("No aggregated item, sequence was empty.");
  let best = { item: first, key: after(key(first)) };
  for (const item of rest) {
    const other = { item, key: after(key(item)) };
    if (sign * compareValues(other.key, best.key, sign < 0 ? "<" : ">") > 0) best = other;
  }
  return best.item;
};

const groupby: Filter = (value, args) => {
  const [attribute, fallback = null, caseSensitive] = bind(
    "groupby",
    "attribute default? case_sensitive?",
    args,
  );
  const [real, after] = [keyOfAttribute(attribute, fallback), fold(caseSensitive)];
  const key: Key = (item) => after(real(item));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortValues(itemsOf(value), key, false)) {
    const last = groups.at(-1);
    if (last !== undefined && isEqual(last.key, key(item))) last.items.push(item);
    else groups.push({ key: key(item), items: [item] });
  }
  return groups.map(({ items }) => new Tuple([real(items[0]!), items], ["grouper", "list"]));
};

const join: Filter = (value, args) => {
  const [mark = "", attribute] = bind("join", "d? attribute?", args);
  const items = itemsOf(value).map(
    attribute === undefined || attribute === null ? (item) => item : keyOfAttribute(attribute),
  );
  return limitLength(items.map(pythonText).join(pythonText(mark)));
};

const sum: Filter = (value, args) => {
  const [attribute, start = 0n] = bind("sum", "attribute? start?", args);
  if (textOf(start) !== null) throw new Error("sum() can't sum strings [use ''.join(seq) instead]");
  return itemsOf(value).map(keyOfAttribute(attribute)).reduce(
    (total, item) => applyOperator("+", total, item),
    start,
  );
};

/** A list takes far more room than a character: ten million of them took 1.2 GB, and a minute that nothing ends. */
const MOST_LISTS = 2 ** 18;

function checkLists(count: number): void {
  if (count > MOST_LISTS) throw new Error(`it makes more than ${MOST_LISTS} lists at once`);
}

const batch: Filter = (value, args) => {
  const [count, filler = null] = bind("batch", "linecount fill_with?", args);
  return new Stream((function* () {
    let [row, rows]: [Value[], number] = [[], 1];
    for (const item of iterateValue(value)) {
      if (isEqual(BigInt(row.length), count!)) { // what is no number never is
        checkLists(++rows);
        yield row;
        row = [];
      }
      row.push(item);
    }
    if (row.length === 0) return;
    const missing = filler === null ? 0 : Math.max(asCount(count, 1) - row.length, 0);
    checkItems(row.length + missing);
    yield [...row, ...Array.from({ length: missing }, () => filler)];
  })());
};

const slice: Filter = (value, args) => {
  const [count, filler = null] = bind("slice", "slices fill_with?", args);
  const [items, slices] = [itemsOf(value), asCount(count, 1)];
  if (slices === 0) throw new Error("integer division or modulo by zero");
  checkLists(slices);
  return new Stream((function* () {
    const [each, extra] = [Math.floor(items.length / slices), items.length % slices];
    for (let at = 0, from = 0; at < slices; at++) {
      const to = from + each + (at < extra ? 1 : 0);
      const taken = items.slice(from, to);
      yield filler !== null && at >= extra ? [...taken, filler] : taken;
      from = to;
    }
  })());
};

const reverse: Filter = withoutArguments("reverse", (value: Value) => {
  const text = textOf(value);
  if (text !== null) return Array.from(text).reverse().join("");
  const items = iterate(value);
  if (items === null) throw new Error("argument must be iterable");
  return value instanceof Stream
    ? [...items].reverse()
    : new Stream([...items].reverse(), "list_reverseiterator");
});

const last: Filter = withoutArguments("last", (value: Value) => {
  const isReversible = textOf(value) !== null || isList(value) || value instanceof Tuple ||
    value instanceof Dict ||
    value instanceof View || value instanceof Range || value instanceof Undefined;
  if (!isReversible) throw new Error(`'${typeNameOf(value)}' object is not reversible`);
  return withFallback(itemsOf(value).at(-1), () => new Undefined("No last item, sequence was empty."));
});

const length: Filter = withoutArguments("length", (value: Value) => {
  const size = sizeOf(value);
  if (size === null) throw new Error(`object of type '${typeNameOf(value)}' has no len()`);
  return BigInt(size);
});

const map: Filter = (value, { positional, named }, environment) => {
  const byAttribute = positional.length === 0 && named.has("attribute");
  const unknown = [...named.keys()].find((name) => name !== "attribute" && name !== "default");
  return streamLazily(value, () => {
    if (byAttribute && unknown !== undefined) throw new Error(`Unexpected keyword argument '${unknown}'`);
    if (byAttribute) return keyOfAttribute(named.get("attribute"), named.get("default"));
    const [name, ...rest] = positional;
    if (name === undefined) throw new Error("map requires a filter argument");
    return (item) => environment.filter(pythonText(name), item, { positional: rest, named });
  }, (_, made) => made);
};

/** select, reject, selectattr and rejectattr. */
const createSelect = (byAttribute: boolean, keep: boolean): Filter => (value, args, environment) => {
  const passes = (item: Value, decision: Value) => isTrue(decision) === keep ? item : undefined;
  return streamLazily(value, () => readCondition(args, byAttribute, environment), passes);
};

function readCondition(
  { positional, named }: Arguments,
  byAttribute: boolean,
  environment: Environment,
): Key {
  if (byAttribute && positional.length === 0) throw new Error("Missing parameter for attribute name");
  const key = byAttribute ? keyOfAttribute(positional[0]) : (item: Value) => item;
  const [name, ...rest] = positional.slice(byAttribute ? 1 : 0);
  if (name === undefined) return (item) => isTrue(key(item));
  return (item) => environment.test(pythonText(name), key(item), { positional: rest, named });
}

/** A generator: `prepare` runs when it is first asked, and not at all for an empty value. */
function streamLazily(
  value: Value,
  prepare: () => Key,
  result: (item: Value, made: Value) => Value | undefined,
): Value {
  return new Stream((function* () {
    if (!isTrue(value)) return;
    const make = prepare();
    for (const item of iterateValue(value)) {
      const made = result(item, make(item));
      if (made !== undefined) yield made;
    }
  })());
}

export const listFilters: Readonly<Record<string, Filter>> = {
  ...{ sort, dictsort, unique, groupby, join, sum, batch, slice, reverse, last, length, count: length, map },
  min: createExtreme("min", -1),
  max: createExtreme("max", 1),
  select: createSelect(false, true),
  reject: createSelect(false, false),
  selectattr: createSelect(true, true),
  rejectattr: createSelect(true, false),
  first: withoutArguments("first", (value: Value) => {
    for (const item of iterateValue(value)) return item;
    return new Undefined("No first item, sequence was empty.");
  }),
  random: withoutArguments("random", (value: Value) => {
    const size = sizeOf(value);
    if (size === null) throw new Error(`object of type '${typeNameOf(value)}' has no len()`);
    if (size === 0) return new Undefined("No random item, sequence was empty.");
    // random.choice asks by number: a dict takes that for a key.
    const at = Math.floor(Math.random() * size);
    if (value instanceof View) throw new Error(`'${typeNameOf(value)}' object is not subscriptable`);
    const chosen = value instanceof Dict ? value.get(BigInt(at)) : itemsOf(value)[at];
    if (chosen === undefined) throw new Error(`KeyError: ${at}`);
    return chosen;
  }),
  list: withoutArguments("list", (value: Value) => {
    return itemsOf(value);
  }),
  items: withoutArguments("items", (value: Value) => {
    if (value instanceof Undefined) return new Stream([]);
    if (!(value instanceof Dict)) throw new Error("Can only get item pairs from a mapping.");
    return new Stream(new View("items", value).items());
  }),
};
