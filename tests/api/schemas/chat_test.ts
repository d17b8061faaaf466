// Turns are read by a loop of their own, and refused in the words of their schema.
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";

const readTurns = (messages: unknown) => parseRequest(previewRequest, { messages }).messages;

const text = fc.string({ unit: "binary", maxLength: 3 });
const content = fc.oneof(
  text,
  fc.constant(null),
  fc.array(fc.oneof(text, fc.dictionary(text, fc.jsonValue()))),
);
const turn = fc.tuple(fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 }), text, content)
  .map(([more, role, content]) => ({ ...more, role, content }));

Deno.test("property: turns are read as they are, whatever they hold, and not copied", () => {
  fc.assert(fc.property(fc.array(turn, { maxLength: 4 }), (turns) => {
    const read = readTurns(turns)!;
    assert.ok(read.every((one, at) => one === turns[at]));
  }));
});

Deno.test("lone surrogates become U+FFFD in keys, parts and whatever lies below; the others stay", () => {
  const other = { role: "user", content: ["b"] };
  const ill = {
    ["k\ud800"]: [{ ["\udc00"]: "x\ud83d" }, 7n, new Number(1)],
    content: ["a\ud800", { type: "text", text: "\udc00" }],
    role: "us\ud800er",
  };
  assert.deepEqual(readTurns([other, ill]), [other, {
    ["k\ufffd"]: [{ ["\ufffd"]: "x\ufffd" }, 7n, new Number(1)],
    content: ["a\ufffd", { type: "text", text: "\ufffd" }],
    role: "us\ufffder",
  }]);
  assert.equal(ill.role, "us\ud800er");
  assert.deepEqual(readTurns([{ role: "a", x: { ["\ud800"]: 1 } }]), [{ role: "a", x: { ["\ufffd"]: 1 } }]);
});

Deno.test("what is no turn is refused in its schema's words", () => {
  const nested = (levels: number): unknown => levels === 0 ? "x" : [nested(levels - 1)];
  const user = (more: object) => [{ role: "user", content: "a" }, { role: "user", ...more }];
  const cases: readonly (readonly [turns: unknown, field: string, sentence: RegExp])[] = [
    [[7], "messages[0]", /must be an object, but is 7/],
    [[{ content: "a" }], "messages[0].role", /must be a string, but is missing/],
    [[{ role: null }], "messages[0].role", /must be a string, but is null/],
    [user({ content: 7 }), "messages[1].content", /but is 7/],
    [user({ content: new Number(1) }), "messages[1].content", /./],
    [user({ content: ["a", null] }), "messages[1].content", /./],
    [user({ content: [new Number(1)] }), "messages[1].content", /./],
    [user({ content: Array(4097).fill("a") }), "messages[1].content", /./],
    [user({ x: nested(64) }), "messages[1]", /JSON may nest at most 64 levels deep here/],
  ];
  for (const [turns, field, sentence] of cases) {
    assert.throws(() => readTurns(turns), (error: Error) => {
      assert.match(error.message, sentence);
      assert.equal((error.cause as { field: string }).field, field);
      return true;
    });
  }
  assert.equal(readTurns(user({ x: nested(63) }))!.length, 2);
  assert.equal(readTurns(user({ content: Array(4096).fill("a") }))!.length, 2);
});
