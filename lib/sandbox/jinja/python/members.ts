// Attributes and items as Jinja2's immutable sandbox gives them: `a.b` looks for an attribute first, `a['b']` for an
// item; private ones, and methods that change a value, are undefined.
import { findOwn } from "../../../basics/find_own.ts";
import { bind, takePositional } from "./arguments.ts";
import { formatBraces } from "./braces.ts";
import { dictMethods, floatMethods, integerMethods, listMethods, sequenceMethods } from "./methods.ts";
import { changingMethods, findNumberField, findRangeField, type Method, missingMethods } from "./methods.ts";
import { escape } from "./operators.ts";
import { quote, writeLiteral } from "./repr.ts";
import { findItemAt } from "./slices.ts";
import { type TextMethod, textMethods } from "./text_methods.ts";
import { withFallback } from "./collections.ts";
import {
  type Arguments,
  createCallable,
  Dict,
  Host,
  isList,
  Markup,
  Namespace,
  Range,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
} from "./values.ts";

/** object.name. Throws for an undefined object. */
export function attributeOf(object: Value, name: string): Value {
  if (object instanceof Undefined) throw new Error(object.message);
  return withFallback(
    findOwnAttribute(object, name),
    () => withFallback(findItem(object, name), () => createUndefined(object, name)),
  );
}

/** object[key]. Throws for an undefined object. */
export function itemOf(object: Value, key: Value): Value {
  if (object instanceof Undefined) throw new Error(object.message);
  const item = findItem(object, key);
  if (item !== undefined) return item;
  const name = textOf(key);
  return withFallback(
    name === null ? undefined : findOwnAttribute(object, name),
    () => createUndefined(object, key),
  );
}

function findItem(object: Value, key: Value): Value | undefined {
  if (object instanceof Dict) return isHashable(key) ? object.get(key) : undefined;
  const isIndex = typeof key === "bigint" || typeof key === "boolean";
  return isIndex ? findItemAt(object, key) : undefined;
}

function isHashable(key: Value): boolean {
  return !(isList(key) || key instanceof Dict);
}

/** The undefined value of a member that there is not. */
function createUndefined(object: Value, key: Value): Undefined {
  const type = object === null ? "None" : `${typeNameOf(object)} object`;
  const name = textOf(key);
  return new Undefined(
    name === null
      ? `${type} has no element ${writeLiteral(key)}`
      : `'${type}' has no attribute ${quote(name)}`,
  );
}

/** A Python attribute of a value; undefined where it has none, an Undefined where the sandbox hides it.
 * Throws for a method that is not written here. */
export function findOwnAttribute(object: Value, name: string): Value | undefined {
  const type = typeNameOf(object);
  const changing = type === "list" || type === "dict" ? changingMethods[type] : null;
  if (/^__\w+__$/.test(name) || changing?.has(name)) {
    return new Undefined(`access to attribute '${name}' of '${type}' object is unsafe.`);
  }
  if (missingMethods[type]?.has(name)) throw new Error(`${type}.${name} is not supported here`);
  const field = fieldOf(object, name);
  return field === undefined ? methodOf(object, name) : field;
}

function fieldOf(object: Value, name: string): Value | undefined {
  if (typeof object === "boolean") return findNumberField(BigInt(object), name);
  if (typeof object === "bigint" || typeof object === "number") return findNumberField(object, name);
  if (object instanceof Range) return findRangeField(object, name);
  if (object instanceof Namespace) return object.attributes.get(name);
  if (object instanceof Host) return object.parts.member?.(name);
  if (!(object instanceof Tuple)) return undefined;
  const at = object.names.indexOf(name);
  return at < 0 ? undefined : object.items[at];
}

function methodOf(object: Value, name: string): Host | undefined {
  const bound = <T>(table: Readonly<Record<string, Method<T>>>, self: T): Host | undefined => {
    const method = findOwn(table, name);
    return method === undefined ? undefined : createCallable(name, (args) => method(self, args));
  };
  if (typeof object === "string") return bound(textTable, object);
  if (object instanceof Markup) return findMarkupMethod(object, name);
  if (isList(object)) return bound(listMethods, object);
  if (object instanceof Tuple) return bound(sequenceMethods, object.items);
  if (object instanceof Dict) return bound(dictMethods, object);
  if (object instanceof Range) return bound(sequenceMethods, object.items());
  if (typeof object === "boolean") return bound(integerMethods, BigInt(object));
  if (typeof object === "bigint") return bound(integerMethods, object);
  return typeof object === "number" ? bound(floatMethods, object) : undefined;
}

const access = { attribute: attributeOf, item: itemOf };

const textTable: Readonly<Record<string, TextMethod>> = {
  ...textMethods,
  format: (self, args) => formatBraces(self, args, access),
  format_map: (self, args) => {
    const [mapping] = takePositional("format_map", args);
    bind("format_map", "mapping", args);
    const entries = mapping instanceof Dict ? mapping.entries() : [];
    const named = new Map(
      entries.flatMap(([key, value]) => textOf(key) === null ? [] : [[textOf(key)!, value]]),
    );
    return formatBraces(self, { positional: [], named }, access);
  },
};

/** A str method of a Markup: texts that go in are escaped, texts that come out are Markup. */
function findMarkupMethod(self: Markup, name: string): Host | undefined {
  const method = findOwn(textTable, name);
  if (method === undefined) return undefined;
  const inside = (value: Value) => typeof value === "string" ? escape(value).text : value;
  return createCallable(name, ({ positional, named }: Arguments) => {
    const names = new Map([...named].map(([key, value]) => [key, inside(value)] as const));
    return refuseOutside(method(self.text, { positional: positional.map(inside), named: names }));
  });
}

function refuseOutside(value: Value): Value {
  if (typeof value === "string") return new Markup(value);
  if (isList(value)) return value.map(refuseOutside);
  return value instanceof Tuple ? new Tuple(value.items.map(refuseOutside)) : value;
}
