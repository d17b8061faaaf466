import assert from "node:assert/strict";
import { refusalPlaceOf } from "../../../lib/constraints/ir/refusal.ts";
import { compileSchema, compileText, refusalOf } from "./compiled.ts";

Deno.test("what cannot be decided, or is wrong, is refused with the keyword's pointer and a sentence", () => {
  const cases: readonly (readonly [schema: unknown, pointer: string, sentence: RegExp])[] = [
    [
      { type: "array", uniqueItems: true, items: { type: "string" } },
      "/uniqueItems",
      /at most 8 listed values/,
    ],
    [{ properties: { a: { format: "regex" } } }, "/properties/a/format", /nested groups/],
    [{ properties: { a: { pattern: "(?<=b)a" } } }, "/properties/a/pattern", /look-?behind/i],
    [{ patternProperties: { "(a)\\1": {} } }, "/patternProperties/(a)\\1", /back/i],
    [{ $ref: "https://example.invalid/other.json" }, "/$ref", /not in this schema/],
    [{ $ref: "#/$defs/none" }, "/$ref", /names nothing/],
    [{ $ref: "#none" }, "/$ref", /anchor "none"/],
    [{ type: "text" }, "/type", /must be one or more of/],
    [{ properties: { a: 5 } }, "/properties/a", /must be an object, true or false/],
    [{ properties: { a: { required: true } } }, "/properties/a/required", /must be a list/],
    [{ minLength: -1 }, "/minLength", /whole number from 0/],
    [{ minimum: "1" }, "/minimum", /must be a number/],
    [{ anyOf: [] }, "/anyOf", /at least one schema/],
    [
      { anyOf: [{ required: ["a"] }], unevaluatedProperties: false },
      "/unevaluatedProperties",
      /depends on the value/,
    ],
    [
      { not: { type: "array", items: { enum: [1, 2] }, uniqueItems: true } },
      "/not/uniqueItems",
      /not all different/,
    ],
  ];
  for (const [schema, pointer, sentence] of cases) {
    const refused = refusalOf(schema);
    assert.equal(refused.pointer, pointer, refused.message);
    assert.match(refused.message, sentence);
  }
});

Deno.test("schemas that allow nothing say which part is to blame", () => {
  assert.equal(refusalOf({ type: "string", minLength: 5, maxLength: 3 }).pointer, "");
  assert.equal(
    refusalOf({ type: "object", properties: { a: { enum: [] } }, required: ["a"] }).pointer,
    "/properties/a",
  );
  assert.equal(
    refusalOf({ allOf: [{}, { type: "integer", minimum: 3, maximum: 4, multipleOf: 5 }] }).pointer,
    "/allOf/1",
  );
  assert.match(refusalOf({ allOf: [{ type: "string" }, { type: "number" }] }).message, /exclude each other/);
  assert.match(refusalOf({ type: "array", items: { $ref: "#" }, minItems: 1 }).message, /without end/);
  assert.equal(compileSchema({ type: "object", properties: { a: false } }).accepts('{"a":1}'), false);
});

Deno.test("a schema that asks for itself without an array or object between is refused", () => {
  const both = { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } };
  for (
    const schema of [{ $ref: "#" }, { allOf: [{ $ref: "#" }] }, {
      anyOf: [{ type: "null" }, { not: { $ref: "#" } }],
    }, { $ref: "#/$defs/a", $defs: both }]
  ) {
    assert.match(refusalOf(schema).message, /asks for itself/);
  }
  assert.ok(compileSchema({ type: "array", items: { $ref: "#" } }).accepts("[[],[[]]]"));
});

Deno.test("text that is not JSON is refused with line and column", () => {
  const cases: readonly (readonly [text: string, line: number, column: number, sentence: RegExp])[] = [
    ['{\n  "type": "string",\n}', 3, 1, /expected a name in double quotes, found "}"/],
    ['{"a": 1, "a": 2}', 1, 10, /"a" twice/],
    ["", 1, 1, /found its end/],
    ["[1 2]", 1, 4, /expected "," or "\]"/],
    ['{"minimum": 1e99999}', 1, 13, /exponent/],
    ['{"a": "\n"}', 1, 7, /line break/],
    ["[".repeat(5000), 1, 1002, /nested more than 1000 levels/],
  ];
  for (const [text, line, column, sentence] of cases) {
    assert.throws(() => compileText(text), (error: Error) => {
      assert.match(error.message, sentence);
      assert.deepEqual([refusalPlaceOf(error)?.line, refusalPlaceOf(error)?.column], [line, column]);
      return true;
    });
  }
});

Deno.test("deep, wide and tangled schemas are compiled or refused, never more than that", () => {
  const many = (count: number, make: (i: number) => unknown) =>
    Array.from({ length: count }, (_, i) => make(i));
  const byName = (count: number, value: (i: number) => unknown) => {
    return Object.fromEntries(many(count, (i) => [`p${i}`, value(i)]) as [string, unknown][]);
  };
  const schemas: readonly string[] = [
    `${'{"properties":{"a":'.repeat(5000)}{}${"}}".repeat(5000)}`,
    `${'{"allOf":['.repeat(450)}{}${"]}".repeat(450)}`,
    `${'{"not":'.repeat(900)}{"type":"string"}${"}".repeat(900)}`,
    `{"const":${"[".repeat(900)}${"]".repeat(900)}}`,
    `{"$ref":"#${"/a".repeat(100_000)}"}`,
    JSON.stringify({
      allOf: many(20, (i) => ({ anyOf: [{ required: [`a${i}`] }, { required: [`b${i}`] }] })),
    }),
    JSON.stringify({
      oneOf: many(40, (i) => ({ properties: { [`p${i}`]: { type: "string" }, q: { type: "integer" } } })),
    }),
    JSON.stringify({ patternProperties: byName(30, (i) => ({ minLength: i })) }),
    JSON.stringify({ properties: byName(5000, () => ({ type: "string" })) }),
    JSON.stringify({ enum: many(20_000, (i) => `value ${i}`) }),
    JSON.stringify({ pattern: "^(a+)+$" }),
    JSON.stringify({ pattern: "^a{1,100000}$", minLength: 50_000 }),
    JSON.stringify({ pattern: "^(.*a.{20}|.*b.{20})$", not: { pattern: "c.{20}d" } }),
    JSON.stringify({ pattern: "(".repeat(100_000) }),
    JSON.stringify({ type: "array", contains: { const: 1 }, minContains: 5000, maxItems: 6000 }),
    JSON.stringify({ type: "array", minItems: 100_000, items: { type: "integer" } }),
    JSON.stringify({ type: "integer", multipleOf: 99_991 }),
  ];
  for (const schema of schemas) {
    try {
      compileText(schema);
    } catch (error) {
      assert.notEqual(refusalPlaceOf(error), null, `${schema.slice(0, 80)}: ${error}`);
    }
  }
});
