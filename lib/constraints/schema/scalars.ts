// What `type` and the keywords of numbers and strings leave.
import { refusal } from "../ir/refusal.ts";
import type { Regex } from "../ir/regex.ts";
import type { Algebra } from "./algebra.ts";
import { intersectStrings } from "./algebra.ts";
import { withPointer } from "./at.ts";
import { extendPointer } from "./document.ts";
import type { SchemaNode } from "./document.ts";
import { FORMATS, UNDECIDED } from "./formats.ts";
import { isArray } from "./json.ts";
import type { Json } from "./json.ts";
import { intersectNumbers } from "./number_sets.ts";
import { numeralsFrom, numeralsTo } from "./numeral_bounds.ts";
import type { NumberSet } from "./numerals.ts";
import type { Reader } from "./reader.ts";
import { countOf, decimalOf, keywordOf, textOf, wrongValueError } from "./read.ts";
import type { Shape } from "./shape.ts";
import { stringsLike, stringsMatching, stringsOfLength } from "./strings.ts";

/** Says something that the user should know and that is no error. */
export type Notify = (message: string, pointer: string) => void;

const TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"] as const;
type TypeName = typeof TYPES[number];

/** All values of the types that `type` names; every value where it is not there. */
export function shapeOfTypes({ universe, document }: Reader, node: SchemaNode): Shape {
  const value = keywordOf(node, "type");
  if (value === undefined) return universe.any;
  const types = new Set((isArray(value) ? value : [value]).map((name) => asType(name, node)));
  const { any, none, numerals } = universe;
  const integers = {
    language: document.isBeforeDraft6 ? numerals.integer : numerals.integerValued,
    spellings: numerals.countable,
  };
  return {
    null: types.has("null"),
    true: types.has("boolean"),
    false: types.has("boolean"),
    numbers: types.has("number") ? any.numbers : types.has("integer") ? integers : none.numbers,
    strings: types.has("string") ? any.strings : none.strings,
    arrays: types.has("array") ? any.arrays : none.arrays,
    objects: types.has("object") ? any.objects : none.objects,
  };
}

function asType(name: Json, node: SchemaNode): TypeName {
  const known = TYPES.find((type) => type === name);
  if (known === undefined) throw wrongValueError(node, "type", `one or more of ${TYPES.join(", ")}`, name);
  return known;
}

/** Numbers within the bounds and of the multiple. `exclusiveMinimum: true` is draft 4's. Throws a refusal for a
 * multipleOf that is not above 0. */
export function numbersOf(algebra: Algebra, node: SchemaNode, start: NumberSet): NumberSet {
  const { numerals } = algebra.universe;
  const spellings = numerals.arena.alt([numerals.plain, numerals.scientific]);
  let numbers = start;
  const limit = (language: Regex) => numbers = intersectNumbers(algebra, numbers, { language, spellings });
  const strictMin = keywordOf(node, "exclusiveMinimum");
  const strictMax = keywordOf(node, "exclusiveMaximum");
  const minimum = decimalOf(node, "minimum");
  const maximum = decimalOf(node, "maximum");
  if (minimum !== undefined) limit(numeralsFrom(numerals, minimum, strictMin === true));
  if (maximum !== undefined) limit(numeralsTo(numerals, maximum, strictMax === true));
  if (strictMin !== undefined && typeof strictMin !== "boolean") {
    limit(numeralsFrom(numerals, decimalOf(node, "exclusiveMinimum")!, true));
  }
  if (strictMax !== undefined && typeof strictMax !== "boolean") {
    limit(numeralsTo(numerals, decimalOf(node, "exclusiveMaximum")!, true));
  }
  const step = decimalOf(node, "multipleOf");
  if (step === undefined) return numbers;
  const pointer = extendPointer(node.pointer, "multipleOf");
  if (step.digits <= 0n) throw refusal("multipleOf must be greater than 0.", { pointer });
  return intersectNumbers(algebra, numbers, algebra.universe.multiplesOf(step, pointer));
}

/** Strings within the lengths, with a match of the pattern, in the format. */
export function readStrings(algebra: Algebra, node: SchemaNode, notify: Notify): Regex {
  const { strings } = algebra.universe;
  let language = strings.any;
  const min = countOf(node, "minLength", 0);
  const max = countOf(node, "maxLength", Infinity);
  if (min > 0 || max < Infinity) language = stringsOfLength(strings, min, max);
  const pattern = textOf(node, "pattern");
  if (pattern !== undefined) {
    const found = withPointer(
      extendPointer(node.pointer, "pattern"),
      () => stringsMatching(strings, pattern),
    );
    language = intersectStrings(algebra, language, found);
  }
  const format = textOf(node, "format");
  return format === undefined
    ? language
    : intersectStrings(algebra, language, readFormat(algebra, format, node, notify));
}

function readFormat({ universe }: Algebra, format: string, node: SchemaNode, notify: Notify): Regex {
  const { strings } = universe;
  const pointer = extendPointer(node.pointer, "format");
  const reason = UNDECIDED.get(format);
  if (reason !== undefined) throw refusal(`The format "${format}" cannot be held: ${reason}.`, { pointer });
  const known = FORMATS.get(format);
  if (known === undefined) {
    notify(`The format "${format}" is not one of JSON Schema 2020-12 and is not held.`, pointer);
    return strings.any;
  }
  const texts = stringsLike(strings, known.pattern);
  const { maxLength = Infinity } = known;
  return maxLength === Infinity ? texts : strings.arena.and([texts, stringsOfLength(strings, 0, maxLength)]);
}
