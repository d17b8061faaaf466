// Small tokenizers of every kind and option against the reference (make_golden.py).
import assert from "node:assert/strict";
import { createTextCodec } from "../../lib/text/codec.ts";
import { readGoldens } from "./goldens.ts";

const { texts, tokenizers } = await readGoldens();

for (const { name, tokenizer, cases, paths } of tokenizers) {
  Deno.test(`reference: ${name}`, () => {
    const codec = createTextCodec(tokenizer, {});
    cases.forEach((one, at) => {
      const text = texts[at] ?? "";
      if (one === null) return; // the reference panics
      const [ids, decoded, bare = ids] = one;
      assert.deepEqual(codec.encode(text), ids, JSON.stringify(text));
      assert.deepEqual(codec.encode(text, { postProcess: false }), bare, JSON.stringify(text));
      if (decoded !== null) assert.equal(codec.decode(ids), decoded === true ? text : decoded);
    });
    for (const [ids, decoded] of paths) {
      if (decoded !== null) assert.equal(codec.decode(ids), decoded, JSON.stringify(ids));
      const tokens = codec.tokensOf(ids);
      assert.equal(tokens.map((token) => token.text).join(""), codec.decode(ids));
      let offset = 0;
      for (const token of tokens) {
        assert.equal(token.offset, offset);
        offset += token.text.length;
      }
      tokens.forEach((_, from) => assert.deepEqual(codec.tokensOf(ids, from), tokens.slice(from)));
    }
  });
}
