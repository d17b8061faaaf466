import { strict as assert } from "node:assert";
import fc from "fast-check";
import { applyEdit, NO_EDIT } from "../../lib/onnx/splice.ts";
import { concat } from "../../lib/basics/concat.ts";
import { delimit, readRecords } from "../../lib/basics/wire_format.ts";
import { goldenFiles } from "../runners/goldens.ts";
import { graphOf, int64s, node, tinyPath } from "./onnx_edit.ts";

Deno.test("wire format: records of any fields and sizes are found where they are", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 20 }), fc.uint8Array({ maxLength: 400 })), {
      maxLength: 12,
    }),
    (fields) => {
      const bytes = concat(Uint8Array, fields.flatMap(([field, body]) => delimit(field, [body])));
      const found = [...readRecords(bytes, 0, bytes.length)];
      assert.deepEqual(found.map(({ field, body, end }) => [field, bytes.slice(body, end)]), fields);
      assert.deepEqual(
        found.map(({ start }) => start),
        [0, ...found.map(({ end }) => end)].slice(0, found.length),
      );
    },
  ));
});

Deno.test("wire format: a message that stops anywhere inside a record is an error", () => {
  const bytes = concat(Uint8Array, [
    ...delimit(3, [new Uint8Array(200)]),
    Uint8Array.of(8, 0x80, 0x01),
    Uint8Array.of(21, 1, 2, 3, 4),
  ]);
  assert.equal([...readRecords(bytes, 0, bytes.length)].length, 3);
  const ends = new Set([...readRecords(bytes, 0, bytes.length)].map(({ end }) => end));
  for (let length = 1; length < bytes.length; length++) {
    const read = () => [...readRecords(bytes.subarray(0, length), 0, length)];
    if (ends.has(length)) assert.ok(read().length > 0);
    else assert.throws(read, RangeError);
  }
});

Deno.test("splice: an empty edit changes no byte of any model", () => {
  for (const { path } of goldenFiles()) {
    const bytes = Deno.readFileSync(path);
    assert.deepEqual(applyEdit(bytes, NO_EDIT), bytes);
  }
});

Deno.test("splice: replaces, appends and drops exactly what the edit names", () => {
  const bytes = Deno.readFileSync(tinyPath("tiny-gpt2", "model_fp16.onnx"));
  const before = graphOf(bytes);
  const [first, second] = [node("Identity", ["a"], ["b"]), node("Identity", ["b"], ["c"])];
  const after = graphOf(applyEdit(bytes, {
    ...NO_EDIT,
    nodes: new Map([[2, [first, second]]]),
    droppedValueInfo: new Set([0, 3]),
    initializers: [int64s("added", [4])],
  }));
  assert.deepEqual(after.node, [...before.node.slice(0, 2), first, second, ...before.node.slice(3)]);
  assert.deepEqual(after.valueInfo, before.valueInfo.filter((_, index) => index !== 0 && index !== 3));
  assert.deepEqual(after.initializer.at(-1)?.int64Data, [4n]);
  assert.deepEqual(after.initializer.slice(0, -1), before.initializer);
  assert.deepEqual(after.input, before.input);
});
