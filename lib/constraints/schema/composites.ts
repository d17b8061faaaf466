// What the keywords of arrays and objects leave, without those that combine schemas.
import { matches } from "../ir/derive.ts";
import { decideEmptiness } from "./algebra.ts";
import { normaliseArray } from "./arrays.ts";
import { extendPointer } from "./document.ts";
import type { SchemaNode } from "./document.ts";
import type { Goal } from "./goals.ts";
import { isArray } from "./json.ts";
import { intersectRegions, normaliseObject } from "./objects.ts";
import { countOf, flagOf, hasKeyword, keywordOf, listOf, mapOf, namesOf } from "./read.ts";
import type { Reader } from "./reader.ts";
import { withPointer } from "./at.ts";
import type { ArrayShape, Contains, Member, ObjectShape, Region } from "./shape.ts";
import { complementStrings, spellString, stringsMatching } from "./strings.ts";
import { ARRAY_KEYWORDS, OBJECT_KEYWORDS } from "./vocabulary.ts";

/** Arrays under items, prefixItems (items and additionalItems before 2020-12), counts, contains and uniqueItems. */
export function arraysOf(reader: Reader, node: SchemaNode): readonly ArrayShape[] {
  const { goals, universe } = reader;
  if (!hasKeyword(node, ARRAY_KEYWORDS)) return universe.any.arrays;
  const items = keywordOf(node, "items");
  const tuple = isArray(items) ? "items" : "prefixItems";
  const others = isArray(items) ? "additionalItems" : "items";
  const prefix = listOf(node, tuple).map((item, i) => reader.goalAt(node, item, tuple, i));
  const rest = keywordOf(node, others);
  const unique = flagOf(node, "uniqueItems") && countOf(node, "maxItems", Infinity) > 1;
  const array = normaliseArray(reader, {
    prefix,
    rest: rest === undefined ? goals.any : reader.goalAt(node, rest, others),
    min: countOf(node, "minItems", 0),
    max: countOf(node, "maxItems", Infinity),
    contains: containsOf(reader, node),
    unique: unique ? extendPointer(node.pointer, "uniqueItems") : null,
  });
  return array === null ? [] : [array];
}

function containsOf(reader: Reader, node: SchemaNode): readonly Contains[] {
  const value = keywordOf(node, "contains");
  if (value === undefined) return [];
  const min = countOf(node, "minContains", 1);
  const max = countOf(node, "maxContains", Infinity);
  if (min === 0 && max === Infinity) return [];
  const goal = reader.goalAt(node, value, "contains");
  return [{ goal, from: 0, min, max, pointer: extendPointer(node.pointer, "contains") }];
}

/** Objects under properties, patternProperties, additionalProperties, propertyNames, required and counts. */
export function objectsOf(reader: Reader, node: SchemaNode): readonly ObjectShape[] {
  if (!hasKeyword(node, OBJECT_KEYWORDS)) return reader.universe.any.objects;
  const patterns = [...mapOf(node, "patternProperties")].map(([pattern, value]) => ({
    keys: withPointer(
      extendPointer(node.pointer, "patternProperties", pattern),
      () => stringsMatching(reader.universe.strings, pattern),
    ),
    goal: reader.goalAt(node, value, "patternProperties", pattern),
  }));
  const allowed = readAllowedNames(reader, node);
  const named = membersOf(reader, node, patterns, allowed);
  const object = normaliseObject(reader, {
    named,
    regions: regionsOf(reader, node, patterns, allowed),
    min: countOf(node, "minProperties", 0),
    max: countOf(node, "maxProperties", Infinity),
    demands: [],
  });
  return object === null ? [] : [object];
}

function membersOf(
  reader: Reader,
  node: SchemaNode,
  patterns: readonly Region[],
  allowed: Region["keys"] | null,
): ReadonlyMap<string, Member> {
  const { goals, universe: { strings: { arena } } } = reader;
  const rest = keywordOf(node, "additionalProperties");
  const required = new Set(namesOf(node, "required"));
  const named = new Map<string, Member>();
  const add = (key: string, own: Goal | null) => {
    const bytes = new TextEncoder().encode(spellString(key));
    const found = patterns.filter(({ keys }) => matches(arena, keys, bytes)).map(({ goal }) => goal);
    const additional = own === null && found.length === 0 && rest !== undefined
      ? reader.goalAt(node, rest, "additionalProperties")
      : goals.any;
    const possible = allowed === null || matches(arena, allowed, bytes);
    const goal = possible ? goals.and(own ?? goals.any, ...found, additional) : goals.none;
    named.set(key, { goal, required: required.has(key), placed: own !== null });
  };
  for (const [key, value] of mapOf(node, "properties")) {
    add(key, reader.goalAt(node, value, "properties", key));
  }
  for (const key of required) if (!named.has(key)) add(key, null);
  return named;
}

/** The keys that are not named, cut into sets with one goal each. */
function regionsOf(
  reader: Reader,
  node: SchemaNode,
  patterns: readonly Region[],
  allowed: Region["keys"] | null,
): readonly Region[] {
  const { goals, universe: { strings } } = reader;
  const split = (regions: readonly Region[], keys: Region["keys"], inside: Goal, outside: Goal) => {
    const others = decideEmptiness(reader, complementStrings(strings, keys));
    const parts = [{ keys, goal: inside }, { keys: others, goal: outside }];
    return intersectRegions(reader, regions, parts.filter((part) => part.keys !== strings.arena.nothing));
  };
  let regions: readonly Region[] = [{ keys: strings.any, goal: goals.any }];
  for (const { keys, goal } of patterns) regions = split(regions, keys, goal, goals.any);
  const rest = keywordOf(node, "additionalProperties");
  if (rest !== undefined) {
    const matched = strings.arena.alt(patterns.map(({ keys }) => keys));
    regions = split(regions, matched, goals.any, reader.goalAt(node, rest, "additionalProperties"));
  }
  return allowed === null ? regions : split(regions, allowed, goals.any, goals.none);
}

/** The names that propertyNames leaves, or null where it says nothing. */
function readAllowedNames(reader: Reader, node: SchemaNode): Region["keys"] | null {
  const value = keywordOf(node, "propertyNames");
  if (value === undefined) return null;
  const goal = reader.goalAt(node, value, "propertyNames");
  return goal.kind === "any" ? null : reader.shapeOf(goal).strings;
}
