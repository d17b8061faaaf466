import assert from "node:assert/strict";
import { packLists, unpackLists } from "../../lib/protocol/long_lists.ts";

const ids = (count: number) => Array.from({ length: count }, (_, at) => at * 48);
const sent = (input: unknown) => structuredClone(packLists(input));

Deno.test("a long list of ids travels as one block, and arrives as the list it was", () => {
  const input = { prompt_ids: ids(1024), completion_ids: ids(3), prompt: "text", params: { stages: null } };
  const message = sent(input) as typeof input;
  assert.ok((message.prompt_ids as unknown) instanceof Int32Array);
  assert.deepEqual(unpackLists(message), input);
  assert.ok(Array.isArray((unpackLists(message) as typeof input).prompt_ids));
});

Deno.test("what no Int32Array holds is left as it is", () => {
  for (const odd of [0.5, -0, NaN, 2 ** 31, -(2 ** 40), "7", null, undefined, { id: 7 }, [7]]) {
    const input = { list: [...ids(100), odd] };
    assert.equal(packLists(input), input);
    assert.deepEqual(unpackLists(sent(input)), input);
  }
  for (const input of [null, "text", 7, [ids(100)], {}, { list: ids(10), deep: { list: ids(100) } }]) {
    assert.equal(packLists(input), input);
    assert.deepEqual(unpackLists(sent(input)), input);
  }
});

Deno.test("the input itself is not changed", () => {
  const input = { ids: ids(200) };
  packLists(input);
  assert.deepEqual(input, { ids: ids(200) });
});
