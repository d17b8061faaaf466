import assert from "node:assert/strict";
import { tokenIds } from "../../../lib/api/schemas/values.ts";

Deno.test("a list of ids is itself, with 0 for -0", () => {
  const plain = [3, 0, 5];
  assert.equal(tokenIds.parse(plain), plain);
  const sent = [3, -0, 5];
  assert.deepEqual(tokenIds.parse(sent), plain);
  assert.ok(Object.is(sent[1], -0));
});
