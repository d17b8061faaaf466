// Reads the values of keywords. Each function throws a refusal with the keyword's pointer for a value of another kind.
import { refusal } from "../ir/refusal.ts";
import { isInteger, scaleTo } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import { describeJson, extendPointer } from "./document.ts";
import type { SchemaNode } from "./document.ts";
import { isArray, isNumber, isObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";

/** The value of a keyword; undefined where the schema is a boolean or has no such keyword. */
export function keywordOf(node: SchemaNode, name: string): Json | undefined {
  return typeof node.schema === "boolean" ? undefined : node.schema.get(name);
}

/** Whether the schema has one of these keywords. */
export function hasKeyword(node: SchemaNode, names: readonly string[]): boolean {
  return names.some((name) => keywordOf(node, name) !== undefined);
}

/** A count: a whole number from 0. `missing` where the keyword is not there. */
export function countOf(node: SchemaNode, name: string, missing: number): number {
  const value = keywordOf(node, name);
  if (value === undefined) return missing;
  if (!isNumber(value) || !isInteger(value.number) || value.number.digits < 0n) {
    throw wrongValueError(node, name, "a whole number from 0", value);
  }
  return Number(scaleTo(value.number, 0));
}

/** A number with all its digits; undefined where the keyword is not there. */
export function decimalOf(node: SchemaNode, name: string): Decimal | undefined {
  const value = keywordOf(node, name);
  if (value === undefined) return undefined;
  if (!isNumber(value)) throw wrongValueError(node, name, "a number", value);
  return value.number;
}

/** A string; undefined where the keyword is not there. */
export function textOf(node: SchemaNode, name: string): string | undefined {
  const value = keywordOf(node, name);
  if (value !== undefined && typeof value !== "string") throw wrongValueError(node, name, "a string", value);
  return value;
}

/** True or false; false where the keyword is not there. */
export function flagOf(node: SchemaNode, name: string): boolean {
  const value = keywordOf(node, name);
  if (value !== undefined && typeof value !== "boolean") {
    throw wrongValueError(node, name, "true or false", value);
  }
  return value ?? false;
}

/** A list; an empty one where the keyword is not there. */
export function listOf(node: SchemaNode, name: string): readonly Json[] {
  const value = keywordOf(node, name);
  if (value !== undefined && !isArray(value)) throw wrongValueError(node, name, "a list", value);
  return value ?? [];
}

/** An object; an empty one where the keyword is not there. */
export function mapOf(node: SchemaNode, name: string): JsonObject {
  const value = keywordOf(node, name);
  if (value !== undefined && !isObject(value)) throw wrongValueError(node, name, "an object", value);
  return value ?? new Map<string, Json>();
}

/** A list of names. */
export function namesOf(node: SchemaNode, name: string): readonly string[] {
  return asNames(listOf(node, name), extendPointer(node.pointer, name));
}

/** A list as names. Throws a refusal with `pointer` for an item that is no string. */
export function asNames(list: readonly Json[], pointer: string): readonly string[] {
  return list.map((item) => {
    if (typeof item !== "string") {
      throw refusal(`A name must be a string, but here is ${describeJson(item)}.`, { pointer });
    }
    return item;
  });
}

/** The refusal of a keyword's value, with what is wanted in words. */
export function wrongValueError(node: SchemaNode, name: string, wanted: string, value: Json): Error {
  return refusal(`"${name}" must be ${wanted}, but is ${describeJson(value)}.`, {
    pointer: extendPointer(node.pointer, name),
  });
}
