import assert from "node:assert/strict";
import { ajvJudge } from "./ajv_judge.ts";
import { compileSchema } from "./compiled.ts";
import { KINDS } from "./kinds.ts";

/** Small values of every type, and arrays and objects of them: enough to tell the conditions of KINDS apart. */
function* values(): Iterable<unknown> {
  const scalars = [
    null,
    true,
    false,
    0,
    1,
    2,
    3,
    5,
    6,
    7,
    9,
    15,
    30,
    105,
    0.5,
    -1.25,
    2.5,
    20.5,
    "",
    "a",
    "b",
    "ab",
    "bb",
    "abc",
    "con",
    "p",
    "r",
    "g",
    "cat",
    "US",
    "NL",
    "12345",
    "1234 AB",
    "abcd-12",
    "azzb",
    "aaaa",
    "\u00e9",
    '"\\',
    "tab\there",
  ];
  yield* scalars;
  const keys = [
    "a",
    "b",
    "c",
    "v",
    "x",
    "y",
    "n",
    "id",
    "at",
    "kind",
    "lives",
    "name",
    "x-",
    "ab",
    "country",
    "code",
    "k",
    "next",
    "rest",
    'q"u\\o\nte',
    "\u00fc/😀",
  ];
  const inside = [...scalars, [], {}, ["v"], { v: 1 }, { n: 1 }, { x: 0.5 }];
  for (const key of keys) for (const value of inside) yield { [key]: value };
  const few = [null, true, 1, 2, 3, "a", "ab", "cat", "US", "NL", "12345", "1234 AB", { v: 2 }, { n: 2 }];
  for (const [i, key] of keys.entries()) {
    for (const other of keys.slice(i + 1)) {
      for (const value of few) for (const second of few) yield { [key]: value, [other]: second };
    }
  }
  const items = [null, true, 0, 1, 2, 3, 15, 105, 0.5, "p", "r", "g", "b", 7, "v"];
  yield [];
  for (const a of items) {
    yield [a];
    for (const b of items) {
      yield [a, b];
      for (const c of [2, true, "r", 7]) yield [a, b, c];
    }
  }
}

for (const [kind, schema] of Object.entries(KINDS)) {
  Deno.test(`${kind}: allows exactly the values that ajv allows`, () => {
    const isValid = ajvJudge(schema);
    const { accepts, budget } = compileSchema(schema);
    let allowed = 0;
    for (const value of values()) {
      const text = JSON.stringify(value);
      const valid = isValid(value);
      if (valid) allowed++;
      budget.begin();
      assert.equal(accepts(text), valid, text);
    }
    assert.ok(allowed > 0 || kind === "formats" || kind === "flat", "no value of the list is valid");
  });
}

Deno.test("white space and the order of properties are settings", () => {
  const schema = { type: "object", properties: { a: {}, b: { type: "array" } }, required: ["b"] };
  const texts = {
    compact: '{"a":1,"b":[1,2]}',
    json: '{"a": 1, "b": [1, 2]}',
    wide: '{ "a" :\n1 , "b":[ ] }',
    turned: '{"b":[],"a":1}',
  };
  const verdicts = (settings: Parameters<typeof compileSchema>[1]) => {
    const { accepts } = compileSchema(schema, settings);
    return Object.values(texts).map(accepts);
  };
  assert.deepEqual(verdicts({ whitespace: "compact" }), [true, false, false, true]);
  assert.deepEqual(verdicts({}), [true, true, false, true]);
  assert.deepEqual(verdicts({ whitespace: "flexible" }), [true, true, true, true]);
  assert.deepEqual(verdicts({ propertyOrder: "schema" }), [true, true, false, false]);
});
