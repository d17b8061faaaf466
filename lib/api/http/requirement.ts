// What a request must hold at a place, in words, from the JSON Schema of its endpoint.
import type { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";

export type Node = z.core.JSONSchema.BaseSchema;
export type Path = readonly PropertyKey[];

/** "a number from 0 to 2, but is 3": what is asked for at `path` of `body`, and what is there. */
export function describeRequirement(root: Node, body: unknown, path: Path): string {
  const value = findValue(body, path);
  const found = findNode(root, body, path);
  const node = found.oneOf === undefined ? found : variantOf(found, {}); // of what is no object, that it must be one
  return `${describeNode(node, value)}, but is ${describeValue(value, sizeOf(withoutNull(node)) !== "")}`;
}

/** The fields beside the one at `path`, then those of the objects beside it, then those above. */
export function listFieldsNear(root: Node, body: unknown, path: Path): readonly string[] {
  const names = (node: Node, prefix: string) =>
    Object.keys(node.properties ?? {}).map((name) => prefix + name);
  const here = variantOf(findNode(root, body, path), findValue(body, path));
  const below = Object.entries(here.properties ?? {})
    .flatMap(([name, node]) => names(withoutNull(node as Node), `${name}.`));
  return [...names(here, ""), ...below, ...path.length === 0 ? [] : names(root, "")];
}

function findNode(root: Node, body: unknown, path: Path): Node {
  let [node, value] = [root, body];
  for (const key of path) {
    const { items, prefixItems, properties, additionalProperties: others } = variantOf(node, value);
    const child = typeof key === "number" ? prefixItems?.[key] ?? items : properties?.[String(key)] ?? others;
    node = (typeof child === "object" && !Array.isArray(child) ? child : {}) as Node;
    value = (value as Record<PropertyKey, unknown> | null)?.[key];
  }
  return node;
}

/** What a schema asks for where it is not null: of several forms that of which `value` has the constants; where there
 * is none, the constants that there are. */
function variantOf(node: Node, value: unknown): Node {
  const real = withoutNull(node);
  const forms = real.oneOf as readonly Node[] | undefined;
  if (forms === undefined || !isRecord(value)) return real;
  const constants = (form: Node) =>
    Object.entries(form.properties ?? {}).filter(([, field]) => isRecord(field) && "const" in field) as [
      string,
      Node,
    ][];
  const named = forms.find((form) => constants(form).every(([name, field]) => value[name] === field.const));
  if (named !== undefined) return named;
  const kinds = Map.groupBy(forms.flatMap(constants), ([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      [...kinds].map(([name, fields]) => [name, { enum: fields.map(([, field]) => field.const!) }]),
    ),
  };
}

/** What a schema asks for where it is not null. */
function withoutNull(node: Node): Node {
  const named = node.properties !== undefined || node.items !== undefined; // its anyOf is a rule between fields
  return ((named ? null : node.anyOf?.find((choice) => choice.type !== "null")) ?? node) as Node;
}

/** What stands at a path; undefined: nothing. */
export function findValue(body: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null)?.[key], body);
}

const PLAIN: Readonly<Record<string, string>> = {
  array: "a list",
  object: "an object",
  boolean: "true or false",
  string: "a string",
  null: "null",
};

const MANY: Readonly<Record<string, string>> = {
  array: "lists",
  string: "strings",
  integer: "whole numbers",
};

/** What a schema asks for, in words. */
function describeNode(node: Node, value: unknown): string {
  if (node.anyOf !== undefined && node.properties === undefined) {
    const choices = node.anyOf as Node[];
    const lists = choices.filter(({ type }) => type === "array").length;
    const words = choices.map((choice) => lists > 1 && describeItems(choice) || describeNode(choice, value));
    return [...new Set(words)].join(" or ");
  }
  if (node.enum !== undefined) return `one of ${node.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  const types: readonly string[] = [node.type ?? []].flat(); // ["string", "null"] where both are allowed
  return types.map((type) =>
    PLAIN[type] === undefined
      ? `a ${type === "integer" ? "whole " : ""}number${describeLimits(node, value)}`
      : PLAIN[type] + (type === "array" || type === "string" ? sizeOf(node) : "")
  )
    .join(" or ");
}

/** How long a list or text must be; "" where any length will do. */
function sizeOf({ type, minItems = 0, maxItems, minLength = 0 }: Node): string {
  if (type === "string") return minLength > 0 ? " that is not empty" : "";
  if (type !== "array" || (minItems === 0 && maxItems === undefined)) return "";
  if (maxItems === undefined) return ` of at least ${minItems}`;
  return minItems === maxItems ? ` of ${minItems}` : ` of ${minItems} to ${maxItems}`;
}

/** Of several kinds of lists: what each holds. Null for what is no such list. */
function describeItems({ items }: Node): string | null {
  const type = typeof items === "object" && !Array.isArray(items) ? String((items as Node).type) : "";
  return MANY[type] === undefined ? null : `a list of ${MANY[type]}`;
}

/** The limits of exact whole numbers are named only to those who broke them. */
function describeLimits({ minimum, maximum }: Node, value: unknown): string {
  const broken = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  const bounded = maximum !== undefined && (broken || maximum < Number.MAX_SAFE_INTEGER);
  const founded = minimum !== undefined && (broken || minimum > Number.MIN_SAFE_INTEGER);
  if (founded && bounded) return ` from ${minimum} to ${maximum}`;
  if (founded) return ` of at least ${minimum}`;
  return bounded ? ` of at most ${maximum}` : "";
}

/** `sized`: a list is told by its length. */
function describeValue(value: unknown, sized: boolean): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return sized ? `a list of ${value.length}` : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
