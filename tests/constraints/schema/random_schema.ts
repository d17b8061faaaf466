// Random schemas of the keywords that people write, and documents that are right for them, nearly right, or wrong.
import { pick } from "../random.ts";

type Random = () => number;
type Schema = boolean | Record<string, unknown>;

const NAMES = ["a", "b", "ab", "x-1", "größe", 'q"uote', "length"];
const PATTERNS = [
  ...["^a", "b$", "^[a-z]+$", "^(a|b)*$", "\\d", "^x-", "^.{2,4}$", "ö", "^\\S+( \\S+){0,2}$", "[^a-y]"],
  ...["^(?!a)", "^$|^b", "\\.", "^[A-Z][a-z]*$", "^\\w{1,3}$", "(a|ab)(c|bcd)", "^(?=.*b)"],
];
const FORMATS = ["date", "time", "date-time", "email", "uuid", "ipv4", "ipv6", "hostname", "uri", "duration"];
const STRINGS = [
  ...["", "a", "b", "ab", "abc", "x-1", "größe", "A", "Ab", "z", "1", "a b", "a b c d", "12", "ö", "aa", "."],
  ...[
    'q"',
    "\\",
    "\n",
    "😀",
    "😀😀",
    "2020-02-29",
    "2021-02-29",
    "2020-01-01T10:20:30Z",
    "10:20:30Z",
    "a@b.de",
  ],
  ...["123e4567-e89b-12d3-a456-426614174000", "127.0.0.1", "256.0.0.1", "::1", "1::2::3", "example.org"],
  ...["-a.org", "http://a.b/c?d#e", "urn:a:b", "P1D", "P", "PT1H2M", "a.b", "abcd", "acbcd"],
];
const NUMBERS = [
  0,
  1,
  -1,
  2,
  3,
  5,
  7,
  10,
  12,
  100,
  -5,
  0.5,
  1.5,
  2.5,
  -0.25,
  3.25,
  0.1,
  1e3,
  99.99,
  1e-7,
  123456789,
];
const INTEGERS = [0, 1, 2, 3, 5, 10];

/** A schema; `depth`: how many levels it may still have. */
export function randomSchema(random: Random, depth = 3): Schema {
  if (random() < 0.05) return random() < 0.8;
  if (depth > 0 && random() < 0.25) return combined(random, depth - 1);
  const kinds = depth > 0 ? ["object", "object", "array", "string", "number", "integer", "enum"] : [
    ...["string", "string", "number", "integer", "boolean", "null", "enum"],
  ];
  const kind = pick(random, kinds);
  const schema: Record<string, unknown> = kind === "enum" ? enumOf(random) : { type: kind };
  if (kind === "string") addString(schema, random);
  if (kind === "number" || kind === "integer") addNumber(schema, random);
  if (kind === "object") addObject(schema, random, depth - 1);
  if (kind === "array") addArray(schema, random, depth - 1);
  if (random() < 0.1) schema.type = [kind === "enum" || kind === "null" ? "string" : kind, "null"];
  if (random() < 0.1) delete schema.type;
  if (random() < 0.1) schema.title = "A title";
  return schema;
}

function enumOf(random: Random): Record<string, unknown> {
  const values = Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomValue(random, 1));
  return random() < 0.3 ? { const: values[0] } : { enum: values };
}

function combined(random: Random, depth: number): Schema {
  const some = (most: number) =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () => randomSchema(random, depth));
  const base = random() < 0.5 ? randomSchema(random, depth) : {};
  const schema: Record<string, unknown> = typeof base === "boolean" ? {} : { ...base };
  const kind = random();
  if (kind < 0.35) schema.anyOf = some(3);
  else if (kind < 0.55) schema.allOf = some(2);
  else if (kind < 0.7) schema.oneOf = some(3);
  else if (kind < 0.85) schema.not = randomSchema(random, 0);
  else {
    schema.if = randomSchema(random, depth);
    if (random() < 0.8) schema.then = randomSchema(random, depth);
    if (random() < 0.8) schema.else = randomSchema(random, depth);
  }
  return schema;
}

function addString(schema: Record<string, unknown>, random: Random): void {
  if (random() < 0.3) schema.minLength = Math.floor(random() * 3);
  if (random() < 0.3) schema.maxLength = Math.floor(random() * 40);
  if (random() < 0.35) schema.pattern = pick(random, PATTERNS);
  if (random() < 0.2) schema.format = pick(random, FORMATS);
}

function addNumber(schema: Record<string, unknown>, random: Random): void {
  if (random() < 0.3) schema.minimum = pick(random, NUMBERS);
  if (random() < 0.3) schema.maximum = pick(random, NUMBERS);
  if (random() < 0.15) schema.exclusiveMinimum = pick(random, NUMBERS);
  if (random() < 0.15) schema.exclusiveMaximum = pick(random, NUMBERS);
  if (random() < 0.15) schema.multipleOf = pick(random, [1, 2, 3, 5, 0.5, 0.25, 10]);
}

function addObject(schema: Record<string, unknown>, random: Random, depth: number): void {
  const names = NAMES.filter(() => random() < 0.4);
  if (random() < 0.9) {
    schema.properties = Object.fromEntries(names.map((name) => [name, randomSchema(random, depth)]));
  }
  if (random() < 0.5) schema.required = NAMES.filter(() => random() < 0.2);
  if (random() < 0.5) schema.additionalProperties = random() < 0.6 ? false : randomSchema(random, depth);
  if (random() < 0.2) {
    schema.patternProperties = { [pick(random, PATTERNS)]: randomSchema(random, depth) };
  }
  if (random() < 0.1) schema.propertyNames = { pattern: pick(random, PATTERNS) };
  if (random() < 0.15) schema.minProperties = pick(random, INTEGERS.slice(0, 3));
  if (random() < 0.15) schema.maxProperties = pick(random, INTEGERS);
  if (random() < 0.1) schema.dependentRequired = { [pick(random, NAMES)]: [pick(random, NAMES)] };
  if (random() < 0.05) schema.dependentSchemas = { [pick(random, NAMES)]: randomSchema(random, depth) };
  if (random() < 0.05) schema.unevaluatedProperties = false;
}

function addArray(schema: Record<string, unknown>, random: Random, depth: number): void {
  if (random() < 0.7) schema.items = randomSchema(random, depth);
  if (random() < 0.25) schema.prefixItems = [randomSchema(random, depth), randomSchema(random, depth)];
  if (random() < 0.3) schema.minItems = pick(random, INTEGERS.slice(0, 4));
  if (random() < 0.3) schema.maxItems = pick(random, INTEGERS);
  // ajv 8.20 forgets `contains` beside `prefixItems` for an empty array
  if (random() < 0.15 && !("prefixItems" in schema)) schema.contains = randomSchema(random, depth);
  if (random() < 0.07) schema.minContains = pick(random, INTEGERS.slice(0, 3));
  if (random() < 0.07) schema.maxContains = pick(random, INTEGERS.slice(0, 3));
  if (random() < 0.05) schema.uniqueItems = true;
}

export function randomValue(random: Random, depth = 3): unknown {
  const kind = Math.floor(random() * (depth > 0 ? 7 : 5));
  if (kind === 0) return null;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return pick(random, NUMBERS);
  if (kind < 5) return pick(random, STRINGS);
  const length = Math.floor(random() * 4);
  if (kind === 5) return Array.from({ length }, () => randomValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length }, () => [pick(random, NAMES), randomValue(random, depth - 1)]),
  );
}

/** A document that the schema often takes. */
export function likelyValue(schema: Schema | undefined, random: Random, depth = 4): unknown {
  if (typeof schema !== "object" || depth < 0 || random() < 0.08) {
    return randomValue(random, Math.min(depth, 2));
  }
  const parts = ["anyOf", "oneOf", "allOf"].flatMap((key) => (schema[key] as Schema[] | undefined) ?? []);
  if (parts.length > 0 && random() < 0.7) {
    return likelyValue(
      { ...schema, anyOf: undefined, oneOf: undefined, allOf: undefined, ...pick(random, parts) as object },
      random,
      depth,
    );
  }
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return pick(random, schema.enum);
  const type = Array.isArray(schema.type) ? pick(random, schema.type) : schema.type ??
    (schema.properties
      ? "object"
      : schema.items || schema.prefixItems
      ? "array"
      : pick(random, ["string", "number"]));
  if (type === "string") return pick(random, STRINGS);
  if (type === "integer") return pick(random, [...INTEGERS, ...NUMBERS]);
  if (type === "number") return pick(random, NUMBERS);
  if (type === "boolean") return random() < 0.5;
  if (type === "null") return null;
  return type === "array" ? likelyArray(schema, random, depth - 1) : likelyObject(schema, random, depth - 1);
}

function likelyArray(schema: Record<string, unknown>, random: Random, depth: number): unknown[] {
  const first = (schema.prefixItems ?? []) as Schema[];
  const length = Math.floor(random() * 4) + (random() < 0.5 ? first.length : 0);
  return Array.from({ length }, (_, i) => likelyValue(first[i] ?? schema.items as Schema, random, depth));
}

function likelyObject(
  schema: Record<string, unknown>,
  random: Random,
  depth: number,
): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const object: Record<string, unknown> = {};
  const required = (schema.required ?? []) as string[];
  for (const name of [...Object.keys(properties), ...required]) {
    if (required.includes(name) ? random() < 0.95 : random() < 0.5) {
      object[name] = likelyValue(properties[name], random, depth);
    }
  }
  if (random() < 0.3) object[pick(random, [...NAMES, ...STRINGS])] = randomValue(random, depth);
  return object;
}
