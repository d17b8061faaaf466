import assert from "node:assert/strict";
import { shorten } from "../../lib/basics/shorten.ts";

Deno.test("a short text stays, a long one keeps its beginning and its end, and no half characters", () => {
  assert.equal(shorten("abcdefgh", 8), "abcdefgh");
  assert.equal(shorten("abcdefghi", 8), "abcde…hi");
  assert.equal(shorten("abcd😀fgh😀", 8), "abcd…😀");
  assert.equal(shorten("abcdefgh😀i", 8), "abcde…i");
});
