import assert from "node:assert/strict";
import { compileSchema, compileText } from "./compiled.ts";

function allows(schema: unknown, yes: readonly string[], no: readonly string[]): void {
  const { accepts } = compileSchema(schema);
  for (const text of yes) assert.equal(accepts(text), true, `${JSON.stringify(schema)} allows ${text}`);
  for (const text of no) {
    assert.equal(accepts(text), false, `${JSON.stringify(schema)} does not allow ${text}`);
  }
}

Deno.test("$ref finds schemas by pointer, anchor, $id and address", () => {
  const text = { type: "string" };
  allows({ $ref: "#/$defs/a~1b~0%20c", $defs: { "a/b~ c": text } }, ['""'], ["1"]);
  allows({ $ref: "#name", $defs: { x: { $anchor: "name", ...text } } }, ['""'], ["1"]);
  allows({ $ref: "#name", definitions: { x: { id: "#name", ...text } } }, ['""'], ["1"]);
  allows(
    {
      $id: "https://example.invalid/root.json",
      $ref: "part.json#/$defs/y",
      $defs: {
        x: { $id: "part.json", $defs: { y: text } },
      },
    },
    ['""'],
    ["1"],
  );
  allows(
    {
      $id: "https://example.invalid/root.json",
      items: { $ref: "https://example.invalid/root.json#/$defs/y" },
      $defs: {
        y: text,
      },
    },
    ['[""]'],
    ["[1]"],
  );
  allows({ $ref: "#/somewhere/else", somewhere: { else: text } }, ['""'], ["1"]);
  allows({ properties: { a: { $ref: "#/properties/b" }, b: text } }, ['{"a":""}'], ['{"a":1}']);
});

Deno.test("keywords beside a $ref, enum or anyOf all hold", () => {
  allows(
    { $ref: "#/$defs/a", maxLength: 2, $defs: { a: { type: "string", minLength: 1 } } },
    ['"a"', '"ab"'],
    ['""', '"abc"'],
  );
  allows({ enum: ["a", "abc", 1], type: "string", minLength: 2 }, ['"abc"'], ['"a"', "1"]);
  allows({ anyOf: [{ minimum: 5 }, { multipleOf: 2 }], type: "integer", maximum: 6 }, ["5", "6", "2"], [
    "3",
    "8",
  ]);
});

Deno.test("spellings of drafts 4 to 7", () => {
  allows({ minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: false }, ["2", "3"], ["1", "4"]);
  allows({ items: [{ type: "string" }, { type: "null" }], additionalItems: { type: "integer" } }, [
    '["a",null,1]',
    '["a"]',
  ], [
    "[null]",
    '["a",null,"b"]',
  ]);
  allows({ items: [{}], additionalItems: false }, ["[1]", "[]"], ["[1,2]"]);
  allows({ dependencies: { a: ["b"], c: { required: ["d"] } } }, [
    '{"a":1,"b":2}',
    '{"b":1}',
    '{"c":1,"d":1}',
    "3",
  ], [
    '{"a":1}',
    '{"c":1}',
  ]);
  allows({ definitions: { x: { type: "null" } }, $ref: "#/definitions/x" }, ["null"], ["0"]);
});

Deno.test("annotations are ignored, words that are no keywords are named", () => {
  const { notes, accepts } = compileSchema({
    title: "t",
    description: "d",
    default: 5,
    examples: [1],
    $comment: "c",
    deprecated: true,
    readOnly: true,
    "x-order": 3,
    nullable: true,
    type: "string",
  });
  assert.equal(accepts("null"), false);
  assert.deepEqual(notes, [{
    pointer: "/nullable",
    message: '"nullable" is no keyword of JSON Schema and is not held.',
  }]);
});

Deno.test("properties of a schema in order: its own, then required ones, then others", () => {
  const schema = { type: "object", required: ["z", "b"], properties: { b: {}, a: {} } };
  const { accepts } = compileSchema(schema, { propertyOrder: "schema" });
  assert.equal(accepts('{"b":1,"a":1,"z":1,"other":1}'), true);
  assert.equal(accepts('{"b":1,"z":1}'), true);
  assert.equal(accepts('{"a":1,"b":1,"z":1}'), false);
  assert.equal(accepts('{"b":1,"other":1,"z":1}'), false);
});

Deno.test("properties and definitions may be called as what every object inherits", () => {
  const schema = '{"type":"object","properties":{"__proto__":{"$ref":"#/$defs/__proto__"},"constructor":' +
    '{"$ref":"#/$defs/toString"}},"required":["__proto__"],"additionalProperties":false,"$defs":{"__proto__":' +
    '{"type":"integer"},"toString":{"const":"c"}}}';
  const { accepts } = compileText(schema);
  for (const yes of ['{"__proto__": 1}', '{"__proto__": 1, "constructor": "c"}']) {
    assert.equal(accepts(yes), true, yes);
  }
  for (const no of ["{}", '{"__proto__": "c"}', '{"constructor": "c"}', '{"__proto__": 1, "toString": 1}']) {
    assert.equal(accepts(no), false, no);
  }
});
