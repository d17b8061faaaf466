// Validates a request and says in one sentence what is wrong with it. The sentence is made from the JSON Schema of
// the field, so that it always says the same as the OpenAPI document.
import { z } from "zod";
import { nearName } from "../../basics/near_name.ts";
import { apiFault } from "./errors.ts";

type Node = z.core.JSONSchema.BaseSchema;
type Path = readonly PropertyKey[];

/** The request in its schema's shape, defaults filled in; throws invalid_request with the field's path. */
export function parseRequest<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!; // the first is enough, and there may be very many
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0]! : null;
  const field = pathText(unknown === null ? issue.path : [...issue.path, unknown]);
  const sentence = unknown !== null
    ? unknownField(unknown, fieldsNear(requirementsOf(schema), issue.path))
    : issue.code === "custom"
    ? issue.message
    : requirementSentence(schema, body, issue.path);
  throw apiFault("invalid_request", sentence, field === "" ? undefined : field);
}

/** The sentence about a field that nothing reads; `names`: those that are read. */
export function unknownField(name: string, names: readonly string[]): string {
  const near = nearName(name, names);
  const meant = near === null ? "" : ` Did you mean ${near}?`;
  return `There is no field ${JSON.stringify(name.slice(0, 60))} here.${meant}`;
}

/** The fields beside the one at `path`, then those of the objects beside it, then those above. */
function fieldsNear(root: Node, path: Path): readonly string[] {
  const names = (node: Node, prefix: string) =>
    Object.keys(node.properties ?? {}).map((name) => prefix + name);
  const here = withoutNull(nodeAt(root, path));
  const below = Object.entries(here.properties ?? {})
    .flatMap(([name, node]) => names(withoutNull(node as Node), `${name}.`));
  return [...names(here, ""), ...below, ...path.length === 0 ? [] : names(root, "")];
}

/** ["ids", 3] -> "ids[3]". */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

/** What each schema asks for, of requests that were refused: to convert one takes a millisecond. */
const requirements = new WeakMap<z.ZodType, Node>();

function requirementsOf(schema: z.ZodType): Node {
  const known = requirements.get(schema);
  if (known !== undefined) return known;
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node;
  requirements.set(schema, root);
  return root;
}

function requirementSentence(schema: z.ZodType, body: unknown, path: Path): string {
  const root = requirementsOf(schema);
  const subject = path.length === 0 ? "The body" : pathText(path);
  const value = valueAt(body, path);
  return `${subject} must be ${describeNode(nodeAt(root, path), value)}, but is ${describeValue(value)}.`;
}

function nodeAt(root: Node, path: Path): Node {
  return path.reduce<Node>((node, key) => {
    const real = withoutNull(node);
    const child = typeof key === "number" ? real.items : real.properties?.[String(key)];
    return typeof child === "object" && !Array.isArray(child) ? child as Node : {};
  }, root);
}

/** What a schema asks for where it is not null. */
function withoutNull(node: Node): Node {
  const named = node.properties !== undefined || node.items !== undefined; // its anyOf is a rule between fields
  return ((named ? null : node.anyOf?.find((choice) => choice.type !== "null")) ?? node) as Node;
}

function valueAt(body: unknown, path: Path): unknown {
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
    return choices.map((choice) => lists > 1 && describeItems(choice) || describeNode(choice, value)).join(
      " or ",
    );
  }
  if (node.enum !== undefined) return `one of ${node.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  const types: readonly string[] = [node.type ?? []].flat(); // ["string", "null"] where both are allowed
  return types.map((type) =>
    PLAIN[type] ?? `a ${type === "integer" ? "whole " : ""}number${range(node, value)}`
  )
    .join(" or ");
}

/** Of several kinds of lists: what each holds. Null for what is no such list. */
function describeItems({ items }: Node): string | null {
  const type = typeof items === "object" && !Array.isArray(items) ? String((items as Node).type) : "";
  return MANY[type] === undefined ? null : `a list of ${MANY[type]}`;
}

/** The limits of exact whole numbers are named only to those who broke them. */
function range({ minimum, maximum }: Node, value: unknown): string {
  const broken = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  const bounded = maximum !== undefined && (broken || maximum < Number.MAX_SAFE_INTEGER);
  const founded = minimum !== undefined && (broken || minimum > Number.MIN_SAFE_INTEGER);
  if (founded && bounded) return ` from ${minimum} to ${maximum}`;
  if (founded) return ` of at least ${minimum}`;
  return bounded ? ` of at most ${maximum}` : "";
}

function describeValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
