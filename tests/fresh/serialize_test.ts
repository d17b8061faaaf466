import assert from "node:assert/strict";
import fc from "fast-check";
import { h } from "preact";
import { toSource } from "../../lib/fresh/serialize.ts";

/** The value that a script would get. */
function evaluate(source: string): unknown {
  return new Function(`return (${source});`)();
}

Deno.test("The source of plain data gives the same data, and never ends a script", () => {
  const data = fc.anything({ withNullPrototype: false, withBigInt: false, maxDepth: 4 });
  fc.assert(fc.property(data, (value) => {
    const source = toSource(value);
    assert.deepStrictEqual(evaluate(source), value);
    assert.ok(!source.includes("<"));
  }));
});

Deno.test("A key named __proto__ stays a key", () => {
  const value = JSON.parse('{"__proto__": {"admin": true}, "</script>": "<!--"}');
  const copy = evaluate(toSource(value)) as Record<string, unknown>;
  assert.deepEqual(Object.keys(copy), ["__proto__", "</script>"]);
  assert.equal(copy.admin, undefined);
});

Deno.test("What is no plain data is refused, with its place", () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const refused: [unknown, RegExp][] = [
    [{ a: [() => 1] }, /^Serializing functions is not supported\.$/],
    [{ a: [new Map()] }, /props\.a\[0\] to be plain JSON data but found an instance of Map/],
    [{ a: h("p", null) }, /props\.a to be plain JSON data but found JSX/],
    [{ a: 1n }, /props\.a to be plain JSON data but found a bigint/],
    [loop, /props\.self to be plain JSON data but found an object that contains itself/],
  ];
  for (const [value, message] of refused) {
    assert.throws(() => toSource(value), { name: "TypeError", message });
  }
});

Deno.test("The same object twice is no loop", () => {
  const shared = { a: 1 };
  assert.deepEqual(evaluate(toSource([shared, shared])), [{ a: 1 }, { a: 1 }]);
});
