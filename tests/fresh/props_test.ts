import assert from "node:assert/strict";
import fc from "fast-check";
import { h } from "preact";
import { toJson } from "../../lib/fresh/props.ts";

Deno.test("JSON data stays the same, and never ends a script", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = toJson(value);
    assert.equal(JSON.stringify(JSON.parse(text)), JSON.stringify(value));
    assert.ok(!text.includes("<"));
  }));
  assert.equal(toJson({ a: "</script><!--" }), '{"a":"\\u003c/script>\\u003c!--"}');
});

Deno.test("What is no plain data is refused, with its place", () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const refused: [unknown, RegExp][] = [
    [{ a: [() => 1] }, /^Serializing functions is not supported\.$/],
    [{ a: [new Map()] }, /props\.a\.0 to be plain JSON data but found \[object Map\]/],
    [{ a: h("p", null) }, /props\.a to be plain JSON data/],
    [{ a: 1n }, /props\.a to be plain JSON data but found 1/],
    [{ a: NaN }, /props\.a to be plain JSON data but found NaN/],
    [[undefined], /props\.0 to be plain JSON data but found undefined/],
    [loop, /props\.self to be plain JSON data/],
  ];
  for (const [value, message] of refused) assert.throws(() => toJson(value), { name: "TypeError", message });
});

Deno.test("The same object twice is no loop, and a key without a value is left out", () => {
  const shared = { a: 1, b: undefined };
  assert.equal(toJson([shared, shared]), '[{"a":1},{"a":1}]');
});
