// `object.name` and `object[key]` as Jinja2 resolves them, and the sentence where an object is undefined.
import { methodOf } from "./methods.ts";
import type { CallNode, Node, Nodes } from "./nodes.ts";
import {
  callable,
  isInteger,
  isList,
  isMapping,
  isNamespace,
  isText,
  isUndefined,
  itemsOf,
  missing,
  numberOf,
  type Value,
} from "./values.ts";

/** object.name: a method or an attribute, then an item. */
export function memberOf(object: Value, name: string): Value {
  const method = methodOf(object, name);
  if (method !== null) return callable(method);
  if (isMapping(object) || isNamespace(object)) return object.value.get(name) ?? missing;
  return /^\d+$/.test(name) ? itemOf(object, { type: "IntegerValue", value: Number(name) }) : missing;
}

/** object[key]: an item, then a method. */
export function itemOf(object: Value, key: Value): Value {
  if (isText(key)) {
    const own = isMapping(object) || isNamespace(object) ? object.value.get(key.value) : undefined;
    return own ?? memberOf(object, key.value);
  }
  const at = isInteger(key) ? numberOf(key) : null;
  if (at === null || !(isText(object) || isList(object))) return missing;
  return itemsOf(object).at(at) ?? missing;
}

/** Throws where an operand is undefined, by the name it has in the template. */
export function refuseUndefined(...operands: readonly (readonly [Value, Node])[]): void {
  for (const [value, node] of operands) {
    if (isUndefined(value)) throw new Error(`${describe(node)} is undefined`);
  }
}

function describe(node: Node): string {
  const { value, object, property, callee } = node as
    & Node
    & Partial<Nodes["MemberExpression"] & CallNode & { value: unknown }>;
  if (node.type === "Identifier") return `'${value}'`;
  if (object !== undefined && property !== undefined) {
    const name = (property as { value?: unknown }).value;
    return `${describe(object)} has no ${name === undefined ? "such item" : `'${name}', so that`}`;
  }
  return callee === undefined ? "a value" : `the result of ${describe(callee)}`;
}
