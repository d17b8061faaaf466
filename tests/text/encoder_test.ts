import assert from "node:assert/strict";
import { createEncoder } from "../../lib/text/encoder.ts";
import type { Model } from "../../lib/text/models/types.ts";
import { createWhole } from "../../lib/text/pre_tokenizers/whole.ts";

Deno.test("a long word is rewritten with rests before it is encoded", () => {
  const words: string[] = [];
  const keep = (word: string) => words.push(word) > 0;
  // deno-lint-ignore require-yield -- its rests would be counted
  const encodeLong = function* (word: string) {
    return keep(word);
  };
  const model: Model = { tokens: [], idOf: new Map(), size: 0, unknownId: null, encode: keep, encodeLong };
  const encode = createEncoder({
    ...{ added: [], findSpecials: true, model, postProcess: null },
    // deno-lint-ignore require-yield -- as above
    normalize: function* (piece) {
      return piece;
    },
    preTokenizer: { createCutter: createWhole, rewrite: (text) => text.toUpperCase() },
  });
  const slices = encode("aé".repeat(50_000));
  let rests = 0;
  while (!slices.next().done) rests++;
  assert.deepEqual(words, ["AÉ".repeat(50_000)]);
  assert.ok(rests > 2, `${rests} rests`);
});
