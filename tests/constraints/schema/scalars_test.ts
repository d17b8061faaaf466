import assert from "node:assert/strict";
import { compileSchema, compileText, refusalOf } from "./compiled.ts";

/** Schema → values it allows, values it does not. Numbers in strings are numerals as they are written. */
function judge(schema: unknown, yes: readonly string[], no: readonly string[]): void {
  const { accepts } = compileSchema(schema);
  for (const text of yes) assert.equal(accepts(text), true, `${JSON.stringify(schema)} allows ${text}`);
  for (const text of no) {
    assert.equal(accepts(text), false, `${JSON.stringify(schema)} does not allow ${text}`);
  }
}

Deno.test("numbers with exponents: constants like 1e-7, and what is no integer because it is small", () => {
  const cases: readonly (readonly [unknown, string, boolean])[] = [
    [{ const: 1e-7 }, "1e-7", true],
    [{ const: [1e-7] }, "[1.0E-07]", true],
    [{ enum: [1e21, -1.5e-7, 2] }, "1e+21", true],
    [{ enum: [1e21, -1.5e-7, 2] }, "-1.5e-7", true],
    [{ enum: [1e21, -1.5e-7, 2] }, "1.5e-7", false],
    [{ not: { enum: [1e21, 2] } }, "2e0", false],
    [{ not: { enum: [1e21, 2] } }, "3e0", true],
    [{ not: { type: "integer" } }, "1e-7", true],
    [{ type: "integer" }, "1e-7", false],
    [{ not: { multipleOf: 5 } }, "1e-7", true],
  ];
  for (const [schema, text, expected] of cases) {
    assert.equal(compileSchema(schema).accepts(text), expected, `${JSON.stringify(schema)}: ${text}`);
  }
});

Deno.test("types", () => {
  const all = {
    null: "null",
    boolean: "true",
    integer: "12",
    number: "-1.5e+3",
    string: '"a"',
    array: "[]",
    object: "{}",
  };
  for (const [type, text] of Object.entries(all)) {
    const others = Object.entries(all).filter(([other]) =>
      other !== type && !(type === "number" && other === "integer")
    );
    judge({ type }, [text], others.map(([, other]) => other));
  }
  judge({ type: ["string", "null"] }, ['""', "null"], ["0"]);
  judge(true, Object.values(all), [""]);
  judge({}, Object.values(all), ["tru"]);
});

Deno.test("bounds of numbers are exact at any size", () => {
  judge({ type: "integer", minimum: 0, maximum: 255 }, ["0", "9", "10", "99", "255"], [
    "256",
    "-1",
    "1000",
    "01",
    "-0",
  ]);
  judge({ type: "integer", minimum: -12, exclusiveMaximum: -3 }, ["-12", "-4"], ["-13", "-3", "0", "3"]);
  judge({ type: "number", exclusiveMinimum: 0, maximum: 1.5 }, ["0.001", "1", "1.5", "1.50", "1e-7"], [
    "0",
    "0.0",
    "1.51",
    "2",
  ]);
  judge({ minimum: 5, exclusiveMinimum: true }, ["5.1", '"x"'], ["5", "5.0"]);
  const { accepts } = compileText('{"type": "integer", "maximum": 9223372036854775807}');
  assert.equal(accepts("9223372036854775807"), true);
  assert.equal(accepts("9223372036854775808"), false);
});

Deno.test("5.0 is an integer from draft 6 on", () => {
  judge({ type: "integer", maximum: 5 }, ["5", "5.0", "-1.0"], ["5.5", "6.0", "5e0"]);
  judge({ type: "number", not: { type: "integer" } }, ["5.5"], ["5", "5.0"]);
  judge({ $schema: "http://json-schema.org/draft-04/schema#", type: "integer" }, ["5"], ["5.0"]);
});

Deno.test("exponents are compared by value", () => {
  judge({ type: "number", minimum: 1000, maximum: 25000 }, ["1e3", "1.0E+3", "2.5e4", "2.5e04", "9.99e3"], [
    "9.99e2",
    "2.51e4",
    "1e5",
    "1e-3",
    "-1e3",
  ]);
});

Deno.test("multiples of integers and decimals", () => {
  judge({ type: "integer", multipleOf: 7 }, ["0", "7", "-49", "1001", "7.0"], ["1", "8", "8.0", "7.00"]);
  judge({ type: "number", multipleOf: 0.01 }, ["1", "1.5", "99.99", "0.010"], ["99.991", "0.001"]);
  judge({ type: "number", multipleOf: 2.5 }, ["0", "2.5", "5", "7.50"], ["1", "2.51", "1.2"]);
  judge({ allOf: [{ multipleOf: 4 }, { multipleOf: 6 }], type: "integer", minimum: 1 }, ["12", "24"], [
    "4",
    "6",
    "18",
  ]);
  assert.equal(refusalOf({ multipleOf: 0 }).pointer, "/multipleOf");
});

Deno.test("strings: length in code points, patterns searched for, escapes in one spelling", () => {
  judge({ type: "string", minLength: 2, maxLength: 3 }, ['"ab"', '"äöü"', '"😀😀"', '"\\n\\""'], [
    '"a"',
    '"abcd"',
    '"😀"',
  ]);
  judge({ type: "string", pattern: "b+" }, ['"abc"', '"b"'], ['"ac"', '""']);
  judge({ type: "string", pattern: "^a\\.[^\\\\]$" }, ['"a.b"', '"a.\\""'], ['"a.\\\\"', '"axb"']);
  judge({ type: "string", pattern: "^(?!foo)[a-z]+$" }, ['"bar"', '"fo"'], ['"foobar"', '"foo"']);
  judge({ type: "string", pattern: "^\\d{4}\\-\\d$" }, ['"2024-1"'], ['"20241"']);
  judge({ type: "string", pattern: "^[a-c]+$", minLength: 2, maxLength: 2 }, ['"ab"'], [
    '"a"',
    '"abc"',
    '"ad"',
  ]);
  judge({ type: "string" }, ['"\\u001f"', '"é"', '"/"'], ['"\\u0041"', '"\\/"', '"\n"']);
  assert.equal(refusalOf({ pattern: "^a\\Z" }).pointer, "/pattern");
  assert.equal(refusalOf({ pattern: "\\p{L}\\-" }).pointer, "/pattern");
  assert.equal(refusalOf({ pattern: "(" }).pointer, "/pattern");
  assert.equal(refusalOf({ pattern: "(a)\\1" }).pointer, "/pattern");
});

Deno.test("formats", () => {
  const cases: Record<string, readonly [readonly string[], readonly string[]]> = {
    "date": [["2024-02-29", "2000-02-29", "1999-12-31"], [
      "2023-02-29",
      "1900-02-29",
      "2024-04-31",
      "2024-1-1",
    ]],
    "time": [["23:59:60Z", "01:02:03.5+01:00", "00:00:00z"], ["24:00:00Z", "12:00:60Z", "12:00:00"]],
    "date-time": [["2024-05-06T07:08:09Z", "1985-04-12T23:20:50.52-00:10"], [
      "2024-05-06 07:08:09Z",
      "2024-05-06",
    ]],
    "duration": [["P1Y2M3DT4H5M6S", "PT20M", "P4W", "P1Y1D"], ["P", "PT", "P1W1D", "1D"]],
    "email": [["a.b+c@example.org", '"x y"@example.org', "me@[127.0.0.1]"], [
      "a",
      "a@",
      "a..b@c.d",
      "a@-b.c",
    ]],
    "hostname": [["a", "www.example-1.org"], ["", "-a.b", "a_b", `${"a".repeat(64)}.b`]],
    "ipv4": [["127.0.0.1", "255.255.255.255"], ["256.0.0.1", "1.2.3", "01.2.3.4"]],
    "ipv6": [["::1", "2001:db8::8a2e:370:7334", "::ffff:1.2.3.4", "::"], ["1::2::3", ":1", "12345::"]],
    "uri": [["http://a.b/c?d=e#f", "urn:isbn:1", "mailto:a@b.c", "http://[::1]:80/"], [
      "/a",
      "a b:c",
      "http://a b/",
      "nope",
    ]],
    "uri-reference": [["/a/b", "a", "", "http://x", "?q"], ["a b", "%zz"]],
    "iri": [["http://é.de/ü"], ["é"]],
    "uuid": [["2eb8aa08-aa98-11ea-b4aa-73b441d16380"], ["2eb8aa08-aa98-11ea-b4aa73b441d16380"]],
    "json-pointer": [["", "/a~1b/0"], ["a", "/~2"]],
    "relative-json-pointer": [["0", "1/a", "2#"], ["/a", "-1"]],
    "uri-template": [["http://x/{a,b*}{?c:3}"], ["{", "{a b}"]],
  };
  for (const [format, [yes, no]] of Object.entries(cases)) {
    const text = (value: string) => JSON.stringify(value);
    judge({ type: "string", format }, yes.map(text), no.map(text));
  }
  assert.equal(refusalOf({ format: "regex" }).pointer, "/format");
  const { notes, accepts } = compileSchema({ type: "string", format: "color" });
  assert.deepEqual(notes.map(({ pointer }) => pointer), ["/format"]);
  assert.equal(accepts('"anything"'), true);
});

Deno.test("enum and const are values: numbers by value, objects in any order", () => {
  judge({ enum: ["a", 1, 1.5, null, true, [1, "b"], { x: 1, y: [] }] }, [
    '"a"',
    "1",
    "1.0",
    "1.50",
    "null",
    "true",
    '[1,"b"]',
    '{"x":1,"y":[]}',
    '{"y": [], "x": 1}',
  ], ['"b"', "2", "false", "[1]", '{"x":1}', '{"x":1,"y":[],"z":0}']);
  judge({ const: 'quote " and \\' }, [JSON.stringify('quote " and \\')], ['""']);
  judge({ enum: ["ab", "abc", "b"], pattern: "^a", maxLength: 2 }, ['"ab"'], ['"abc"', '"b"']);
});
