// Methods and attributes of Python's other values: list, tuple, dict, range, int and float.
import { findOwn } from "../../../basics/find_own.ts";
import { bind, withoutArguments } from "./arguments.ts";
import { isEqual } from "./compare.ts";
import { writeLiteral } from "./repr.ts";
import { resolveBound } from "./slices.ts";
import { itemsOf, withFallback } from "./collections.ts";
import { type Arguments, Dict, Range, Tuple, type Value, View } from "./values.ts";

export type Method<T> = (self: T, args: Arguments) => Value;

/** list.index and list.count, also of tuples and ranges. */
export const sequenceMethods: Readonly<Record<string, Method<readonly Value[]>>> = {
  index: (self, args) => {
    const [item, start, stop] = bind("index", "value start? stop? /", args);
    const [from, to] = [resolveBound(start, 0, self.length), resolveBound(stop, self.length, self.length)];
    const at = self.findIndex((one, i) => i >= from && i < to && isEqual(one, item!));
    if (at < 0) throw new Error(`${writeLiteral(item!)} is not in list`);
    return BigInt(at);
  },
  count: (self, args) => {
    const [item] = bind("count", "value /", args);
    return BigInt(self.filter((one) => isEqual(one, item!)).length);
  },
};

export const listMethods: typeof sequenceMethods = {
  ...sequenceMethods,
  copy: withoutArguments("copy", (self) => [...self]),
};

export const dictMethods: Readonly<Record<string, Method<Dict>>> = {
  get: (self, args) => {
    const [key, fallback = null] = bind("get", "key default? /", args);
    return withFallback(self.get(key!), () => fallback);
  },
  items: withoutArguments("items", (self) => new View("items", self)),
  keys: withoutArguments("keys", (self) => new View("keys", self)),
  values: withoutArguments("values", (self) => new View("values", self)),
  copy: withoutArguments("copy", (self) => new Dict(self.entries())),
  fromkeys: (_, args) => dictFromKeys(args),
};

/** dict.fromkeys(iterable, value=None). */
export function dictFromKeys(args: Arguments): Dict {
  const [keys, value = null] = bind("fromkeys", "iterable value? /", args);
  return new Dict(itemsOf(keys!).map((key) => [key, value] as const));
}

/** Methods that would change a list or a dict: the sandbox lets no template have them. */
export const changingMethods: Readonly<Record<"list" | "dict", ReadonlySet<string>>> = {
  list: new Set("append clear pop reverse insert sort extend remove".split(" ")),
  dict: new Set("clear pop popitem setdefault update".split(" ")),
};

/** Methods of Python's that are not here; to use one is an error, not nothing. */
export const missingMethods: Readonly<Record<string, ReadonlySet<string>>> = {
  str: new Set(["encode"]),
  int: new Set(["to_bytes", "from_bytes"]),
  float: new Set(["hex", "fromhex"]),
  dict_keys: new Set(["isdisjoint", "mapping"]),
  dict_items: new Set(["isdisjoint", "mapping"]),
  dict_values: new Set(["mapping"]),
  generator: new Set(["send", "throw", "close"]),
};

const NUMBER_FIELDS: Readonly<Record<string, (self: bigint | number) => Value>> = {
  real: (self) => self,
  imag: (self) => typeof self === "bigint" ? 0n : 0,
};

const INTEGER_FIELDS: Readonly<Record<string, (self: bigint) => Value>> = {
  numerator: (self) => self,
  denominator: () => 1n,
};

/** An attribute of a number that is no method. */
export function findNumberField(self: bigint | number, name: string): Value | undefined {
  const field = findOwn(NUMBER_FIELDS, name);
  if (field !== undefined) return field(self);
  return typeof self === "bigint" ? findOwn(INTEGER_FIELDS, name)?.(self) : undefined;
}

const toBinary = (self: bigint) => (self < 0n ? -self : self).toString(2);

export const integerMethods: Readonly<Record<string, Method<bigint>>> = {
  conjugate: withoutArguments("conjugate", (self) => self),
  bit_length: withoutArguments("bit_length", (self) => BigInt(self === 0n ? 0 : toBinary(self).length)),
  bit_count: withoutArguments("bit_count", (self) => BigInt(toBinary(self).replaceAll("0", "").length)),
  as_integer_ratio: withoutArguments("as_integer_ratio", (self) => new Tuple([self, 1n])),
};

export const floatMethods: Readonly<Record<string, Method<number>>> = {
  conjugate: withoutArguments("conjugate", (self) => self),
  is_integer: withoutArguments("is_integer", (self) => Number.isInteger(self)),
  as_integer_ratio: withoutArguments("as_integer_ratio", (self) => {
    if (!Number.isFinite(self)) throw new Error("cannot convert infinity or NaN to integer ratio");
    let [top, bottom] = [self, 1n];
    while (!Number.isInteger(top)) [top, bottom] = [top * 2, bottom * 2n];
    return new Tuple([BigInt(top), bottom]);
  }),
};

/** An attribute of a range. */
export function findRangeField(self: Range, name: string): Value | undefined {
  return name === "start" || name === "stop" || name === "step" ? self[name] : undefined;
}
