import assert from "node:assert/strict";
import type { Views } from "../../lib/text/entry_finder.ts";
import { writeTokens } from "../../lib/text/token_json.ts";

const COUNT = 8192;
const views: Views = {
  ends: COUNT,
  partEnd: (start) => start + 1,
  textsOf: (start, end) => Array.from({ length: end - start }, () => ({ text: "a", display: "a" })),
  factsOf: () => ({ special: false, bytes: [97] }),
};

/** Rests while these ids are written, and what was written. */
function write(ids: readonly number[]) {
  const slices = writeTokens(ids, views, { before: "", after: "" });
  for (let rests = 0;; rests++) {
    const { done, value } = slices.next();
    if (done) return { rests, tokens: JSON.parse(new TextDecoder().decode(value)) as { offset: number }[] };
  }
}

Deno.test("tokens that were not seen before are described with more rests than those that come again", () => {
  const all = write(Array.from({ length: COUNT }, (_, id) => id));
  const again = write(new Array<number>(COUNT).fill(0));
  assert.deepEqual([all.tokens.length, all.tokens.at(-1)!.offset], [COUNT, COUNT - 1]);
  assert.deepEqual([again.tokens.length, again.tokens.at(-1)!.offset], [COUNT, COUNT - 1]);
  assert.ok(all.rests > 3 * again.rests, `${all.rests} and ${again.rests} rests`);
});
