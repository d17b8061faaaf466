// Shapes of finitely many values.
import { unite } from "./boolean.ts";
import type { Reader } from "./reader.ts";
import type { SchemaNode } from "./document.ts";
import type { Goal } from "./goals.ts";
import { isArray, isNumber, isObject, keyOfJson } from "./json.ts";
import type { Json } from "./json.ts";
import type { Decimal } from "./decimal.ts";
import { isWrittenScientifically, numeralsOf, scientificNumeralsOf } from "./numerals.ts";
import type { NumberSet, Numerals } from "./numerals.ts";
import { keywordOf, listOf } from "./read.ts";
import { stringsOf } from "./strings.ts";
import type { ArrayShape, ObjectShape, Shape } from "./shape.ts";

/** Exactly these values; none of an empty list. Objects are written in the order that the schema gives them. */
export function shapeOfConstants(reader: Reader, values: readonly Json[], pointer: string): Shape {
  const { none, numerals, strings } = reader.universe;
  const scalars = {
    ...none,
    null: values.includes(null),
    true: values.includes(true),
    false: values.includes(false),
    strings: stringsOf(strings, values.filter((value) => typeof value === "string")),
    numbers: numbersOf(numerals, values.filter(isNumber).map(({ number }) => number)),
  };
  const distinct = new Map(values.map((value) => [keyOfJson(value), value])).values();
  return unite(reader, [scalars, {
    ...none,
    arrays: [...distinct].filter(isArray).map((items) => shapeOfArray(reader, items, pointer)),
    objects: values.filter(isObject).map((members) => shapeOfObject(reader, members, pointer)),
  }], pointer);
}

/** Exactly these numbers: as plain numerals, and with an exponent too where one of them is usually written so. */
function numbersOf(numerals: Numerals, values: readonly Decimal[]): NumberSet {
  const { arena, plain, scientific } = numerals;
  const language = arena.alt(values.map((value) => numeralsOf(numerals, value)));
  if (!values.some(isWrittenScientifically)) return { language, spellings: plain };
  const withExponents = values.map((value) => scientificNumeralsOf(numerals, value));
  return { language: arena.alt([language, ...withExponents]), spellings: arena.alt([plain, scientific]) };
}

function shapeOfArray(reader: Reader, items: readonly Json[], pointer: string): ArrayShape {
  return {
    prefix: items.map((item) => reader.goals.constant(item, pointer)),
    rest: reader.goals.none,
    min: items.length,
    max: items.length,
    contains: [],
    unique: null,
  };
}

function shapeOfObject(reader: Reader, members: ReadonlyMap<string, Json>, pointer: string): ObjectShape {
  const { goals, universe: { strings } } = reader;
  const named = [...members].map(([key, value]) => {
    return [key, { goal: goals.constant(value, pointer), required: true, placed: true }] as const;
  });
  return {
    named: new Map(named),
    regions: [{ keys: strings.any, goal: goals.none }],
    min: 0,
    max: Infinity,
    demands: [],
  };
}

/** The values that a goal leaves where it lists them (enum, const, boolean, null), as goals; null where it does not. */
export function constantsOf(reader: Reader, goal: Goal): readonly Goal[] | null {
  if (goal.kind === "constant") return [goal];
  const parts = goal.kind === "and" || goal.kind === "or"
    ? goal.of.map((part) => constantsOf(reader, part))
    : [];
  if (goal.kind === "or") {
    return parts.includes(null) ? null : [...new Set(parts.flatMap((values) => values ?? []))];
  }
  const listed = goal.kind === "schema"
    ? readConstants(reader, goal.node)
    : parts.find((values) => values !== null);
  return listed?.filter((value) => !reader.isEmpty(reader.goals.and(value, goal))) ?? null;
}

function readConstants(reader: Reader, node: SchemaNode): readonly Goal[] | null {
  const values = keywordOf(node, "const") !== undefined
    ? [keywordOf(node, "const")!]
    : keywordOf(node, "enum") !== undefined
    ? listOf(node, "enum")
    : keywordOf(node, "type") === "boolean"
    ? [true, false]
    : null;
  return values?.map((value) => reader.goals.constant(value, node.pointer)) ?? null;
}
