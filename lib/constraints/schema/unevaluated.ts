// unevaluatedProperties and unevaluatedItems, where the schema itself tells what is evaluated: by its own keywords,
// by allOf and by references. What depends on the value (anyOf, if, …) is refused.
import { refusal } from "../ir/refusal.ts";
import { decideEmptiness } from "./algebra.ts";
import type { Reader } from "./reader.ts";
import { extendPointer } from "./document.ts";
import type { SchemaNode } from "./document.ts";
import { isArray } from "./json.ts";
import { intersectRegions } from "./objects.ts";
import { keywordOf, listOf, mapOf, textOf } from "./read.ts";
import { withPointer } from "./at.ts";
import type { Member, Shape } from "./shape.ts";
import { complementStrings, stringsMatching } from "./strings.ts";

/** Keywords whose schemas evaluate or not as the value has it. */
const CONDITIONAL = [
  "anyOf",
  "oneOf",
  "if",
  "then",
  "else",
  "dependentSchemas",
  "dependencies",
  "$dynamicRef",
  "contains",
];

/** The shape of `unevaluatedItems` or `unevaluatedProperties`. Throws a refusal where what is evaluated depends on
 * the value. */
export function checkUnevaluated(reader: Reader, node: SchemaNode, name: string): Shape {
  const goal = reader.goalAt(node, keywordOf(node, name)!, name);
  if (goal.kind === "any") return reader.universe.any;
  const schemas = collectApplied(reader, node, extendPointer(node.pointer, name));
  const others = schemas.filter((schema) => schema !== node);
  const { universe } = reader;
  if (name === "unevaluatedItems") {
    const all = schemas.some((schema) => covers(schema, "items", "additionalItems")) ||
      others.some((schema) => keywordOf(schema, name) !== undefined);
    if (all) return universe.any;
    const length = Math.max(...schemas.map((schema) => countPrefix(schema)));
    const prefix = Array.from({ length }, () => reader.goals.any);
    return { ...universe.any, arrays: [{ ...universe.anyArray, prefix, rest: goal }] };
  }
  const all = schemas.some((schema) => keywordOf(schema, "additionalProperties") !== undefined) ||
    others.some((schema) => keywordOf(schema, name) !== undefined);
  return all ? universe.any : readUnevaluated(reader, schemas, goal);
}

function readUnevaluated(reader: Reader, schemas: readonly SchemaNode[], goal: Member["goal"]): Shape {
  const { universe, goals, universe: { strings } } = reader;
  const named = new Map<string, Member>();
  const patterns = schemas.flatMap((schema) => {
    for (const key of mapOf(schema, "properties").keys()) {
      named.set(key, { goal: goals.any, required: false, placed: false });
    }
    return [...mapOf(schema, "patternProperties").keys()].map((pattern) => {
      return withPointer(
        extendPointer(schema.pointer, "patternProperties", pattern),
        () => stringsMatching(strings, pattern),
      );
    });
  });
  const evaluated = strings.arena.alt(patterns);
  const parts = [
    { keys: evaluated, goal: goals.any },
    { keys: decideEmptiness(reader, complementStrings(strings, evaluated)), goal },
  ].filter(({ keys }) => keys !== strings.arena.nothing);
  const regions = intersectRegions(reader, universe.anyObject.regions, parts);
  return { ...universe.any, objects: [{ ...universe.anyObject, named, regions }] };
}

/** The schema and all that apply to the same value whenever it does. */
function collectApplied(reader: Reader, node: SchemaNode, pointer: string): readonly SchemaNode[] {
  const all = new Set([node]);
  for (const schema of all) { // grows while it is walked
    const conditional = CONDITIONAL.find((name) => keywordOf(schema, name) !== undefined);
    if (conditional !== undefined) {
      throw refusal(
        `What is unevaluated beside "${conditional}" depends on the value. Name the properties, or use additionalProperties.`,
        { pointer },
      );
    }
    listOf(schema, "allOf").forEach((part, i) => {
      all.add(reader.document.node(extendPointer(schema.pointer, "allOf", i), part));
    });
    const reference = textOf(schema, "$ref");
    if (reference !== undefined) all.add(reader.document.resolve(reference, schema, "$ref"));
  }
  return [...all];
}

function covers(schema: SchemaNode, items: string, additional: string): boolean {
  const value = keywordOf(schema, items);
  return value !== undefined && !isArray(value) || keywordOf(schema, additional) !== undefined;
}

function countPrefix(schema: SchemaNode): number {
  const items = keywordOf(schema, "items");
  return isArray(items) ? items.length : listOf(schema, "prefixItems").length;
}
