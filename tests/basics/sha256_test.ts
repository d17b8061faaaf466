import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { sha256, shortHash } from "../../lib/basics/sha256.ts";

Deno.test("parts are hashed as one text, strings as UTF-8", async () => {
  const parts = ["süß ", new Uint8Array([0, 255, 7]), "", "\ud83d\ude00"];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  assert.equal(await sha256(parts), hash.digest("hex"));
  assert.equal(await sha256([]), createHash("sha256").digest("hex"));
});

Deno.test("a short hash tells where parts end", async () => {
  assert.match(await shortHash(["ab", "c"]), /^[0-9a-f]{24}$/);
  assert.notEqual(await shortHash(["ab", "c"]), await shortHash(["a", "bc"]));
});
