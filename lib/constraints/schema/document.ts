// Where the schemas of one document are: by JSON pointer, by $id and by $anchor; and what a $ref means.
import { refusal } from "../ir/refusal.ts";
import { isArray, isNumber, isObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";

/** One schema and its place. The same place is the same object. */
export interface SchemaNode {
  /** JSON pointer from the document's root (RFC 6901). */
  readonly pointer: string;
  readonly schema: boolean | JsonObject;
}

/** Base for schemas without a $id of their own. */
const NO_BASE = "schema:///";

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const ONE = [
  "additionalProperties",
  "additionalItems",
  "unevaluatedProperties",
  "unevaluatedItems",
  "items",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
  "contentSchema",
];
const LIST = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const NAMED = ["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"];

export class SchemaDocument {
  readonly root: SchemaNode;
  /** Its $schema is draft 3 or 4: there 5.0 is no integer. */
  readonly isBeforeDraft6: boolean;
  readonly #json: Json;
  readonly #nodes = new Map<string, SchemaNode>();
  /** Pointer of a schema with its own $id → its full address; address (with #anchor) → pointer. */
  readonly #bases = new Map<string, string>();
  readonly #addresses = new Map<string, string>();

  constructor(json: Json) {
    this.#json = json;
    this.root = this.node("", json);
    const dialect = isObject(json) ? json.get("$schema") : undefined;
    this.isBeforeDraft6 = typeof dialect === "string" && /draft-0[34]/.test(dialect);
    this.#addresses.set(NO_BASE, "");
    this.#index();
  }

  /** The schema at a place. Throws a refusal where the value is none. */
  node(pointer: string, value: Json): SchemaNode {
    const known = this.#nodes.get(pointer);
    if (known !== undefined) return known;
    if (typeof value !== "boolean" && !isObject(value)) {
      throw refusal(`A schema must be an object, true or false, but here stands ${describeJson(value)}.`, {
        pointer,
      });
    }
    const node = { pointer, schema: value };
    this.#nodes.set(pointer, node);
    return node;
  }

  /** The schema that a $ref in `from` names. Throws a refusal where this document has none. */
  resolve(reference: string, from: SchemaNode, keyword: string): SchemaNode {
    const place = { pointer: extendPointer(from.pointer, keyword) };
    const address = toAbsolute(reference, this.#baseOf(from.pointer));
    if (address === null) throw refusal(`"${reference}" is no valid reference.`, place);
    const [base, fragment = ""] = address.split("#") as [string, string?];
    const named = fragment === "" || fragment.startsWith("/") ? undefined : this.#addresses.get(address);
    if (named !== undefined) return this.#at(named, place.pointer, reference);
    const resource = this.#addresses.get(base);
    if (resource === undefined) {
      throw refusal(`"${reference}" is not in this schema. Put the schema it names under $defs.`, place);
    }
    if (fragment !== "" && !fragment.startsWith("/")) {
      throw refusal(`No schema has the anchor "${fragment}".`, place);
    }
    const path = decodeFragment(fragment);
    // Generated drafts give every part an id and still mean the root by "#/…".
    if (lookUp(this.#json, resource + path) === undefined && reference.startsWith("#")) {
      return this.#at(path, place.pointer, reference);
    }
    return this.#at(resource + path, place.pointer, reference);
  }

  #at(pointer: string, asked: string, reference: string): SchemaNode {
    const value = lookUp(this.#json, pointer);
    if (value === undefined) {
      throw refusal(`"${reference}" names nothing in this schema.`, { pointer: asked });
    }
    return this.node(pointer, value);
  }

  #baseOf(pointer: string): string {
    for (let end = pointer.length; end >= 0; end = end === 0 ? -1 : pointer.lastIndexOf("/", end - 1)) {
      const base = this.#bases.get(pointer.slice(0, end));
      if (base !== undefined) return base;
    }
    return NO_BASE;
  }

  /** Walks all places where schemas stand, and notes their names. */
  #index(): void {
    const open: (readonly [pointer: string, value: Json, base: string])[] = [["", this.#json, NO_BASE]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [pointer, value, inherited] = next;
      if (!isObject(value)) continue;
      const base = this.#name(pointer, value, inherited);
      for (const [at, schema] of walkSubschemas(value)) open.push([pointer + at, schema, base]);
    }
  }

  #name(pointer: string, schema: JsonObject, inherited: string): string {
    let base = inherited;
    for (const keyword of ["$id", "id"]) {
      const id = schema.get(keyword);
      if (typeof id !== "string") continue;
      const address = toAbsolute(id, inherited);
      if (address === null) continue;
      if (id.startsWith("#")) this.#addresses.set(address, pointer);
      else {
        base = address.split("#")[0]!;
        this.#bases.set(pointer, base);
        if (!this.#addresses.has(base)) this.#addresses.set(base, pointer);
      }
    }
    for (const keyword of ["$anchor", "$dynamicAnchor"]) {
      const anchor = schema.get(keyword);
      if (typeof anchor === "string") this.#addresses.set(`${base}#${anchor}`, pointer);
    }
    return base;
  }
}

/** A pointer one step further in. */
export function extendPointer(pointer: string, ...steps: readonly (string | number)[]): string {
  return steps.reduce<string>(
    (at, step) => `${at}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`,
    pointer,
  );
}

/** A value in a sentence: "the number 5", "a list". */
export function describeJson(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  if (isNumber(value)) return "a number";
  return isArray(value) ? "a list" : "an object";
}

function* walkSubschemas(schema: JsonObject): Iterable<readonly [at: string, value: Json]> {
  for (const keyword of ONE) {
    const value = schema.get(keyword);
    if (value !== undefined) yield [extendPointer("", keyword), value];
  }
  for (const keyword of LIST) {
    const value = schema.get(keyword);
    if (isArray(value)) {
      for (const [i, item] of value.entries()) yield [extendPointer("", keyword, i), item];
    }
  }
  for (const keyword of NAMED) {
    const value = schema.get(keyword);
    if (isObject(value)) { for (const [name, item] of value) yield [extendPointer("", keyword, name), item]; }
  }
}

function toAbsolute(reference: string, base: string): string | null {
  if (reference.startsWith("#")) return base + reference;
  return URL.parse(reference, base)?.href ?? null;
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function lookUp(json: Json, pointer: string): Json | undefined {
  let at: Json | undefined = json;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isObject(at)) at = at.get(name);
    else if (isArray(at)) at = at[Number(name)];
    else return undefined;
  }
  return at;
}
