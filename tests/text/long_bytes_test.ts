// Long runs of bytes, which ByteFallback decodes as a whole: written and described part by part all the same.
import assert from "node:assert/strict";
import fc from "fast-check";
import { finishSlices } from "../../lib/basics/slices.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { IdList } from "../../lib/text/models/id_list.ts";
import { createModel } from "../../lib/text/models/model.ts";
import { STEPS_A_SLICE } from "../../lib/text/models/types.ts";
import type { TextCodec } from "../../lib/text/types.ts";
import { LLAMA_DECODER } from "./llama_decoder.ts";

const LETTERS = ["<unk>", "▁", "a", "b"];
/** Pieces of one letter, tokens of all bytes behind them, and a token before every text. */
const BYTES_FROM = LETTERS.length;
const byteTokens = Array.from({ length: 256 }, (_, byte) => {
  return [`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, -9] as const;
});
const fallback = {
  model: {
    type: "Unigram",
    unk_id: 0,
    byte_fallback: true,
    vocab: [...LETTERS.map((token) => [token, -1] as const), ...byteTokens],
  },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "▁", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [],
    special_tokens: { "▁": { id: "▁", ids: [1], tokens: ["▁"] } },
  },
  decoder: { type: "Sequence", decoders: [{ type: "ByteFallback" }, { type: "Fuse" }] },
};

function tokensInSlices(codec: TextCodec, ids: ArrayLike<number>): unknown {
  const json = finishSlices(codec.tokenJsonInSlices(ids, { before: "", after: "" }));
  return JSON.parse(new TextDecoder().decode(json));
}

Deno.test("a long word that no token begins is its bytes, written in slices, or unknown as a whole", () => {
  const text = `a${"🦜é".repeat(10_000)}`;
  const bytes = Array.from(new TextEncoder().encode(text.slice(1)), (byte) => BYTES_FROM + byte);
  const codec = createTextCodec(fallback, {});
  const { ids } = finishSlices(codec.encodeInSlices(text))!;
  assert.deepEqual(Array.from(ids), [1, LETTERS.indexOf("a"), ...bytes]);
  assert.deepEqual(tokensInSlices(codec, ids), codec.tokensOf(Array.from(ids)));
  const { idOf, encodeLong } = createModel(fallback.model as never);
  const list = new IdList(16);
  let slices = 0;
  for (const slice of encodeLong(text, list, Infinity)) slices += slice === undefined ? 1 : 0;
  assert.ok(slices > 10_000 / 4096 * 3 + text.length / STEPS_A_SLICE, `${slices} slices`);
  const without = fallback.model.vocab.filter(([token]) => token !== "<0xA9>"); // é needs it, at the very end
  const missing = createTextCodec({ model: { ...fallback.model, vocab: without } }, {});
  assert.deepEqual(missing.encode(`a${"🦜".repeat(10_000)}é`), [idOf.get("a"), 0]);
});

Deno.test("property: long runs of bytes are decoded the same in parts and at once, text or not", () => {
  const bytes = ["<0xC3>", "<0xA9>", "<0xF0>", "<0x9F>", "<0xA6>", "<0x9C>", "<0x41>"];
  const vocab = Object.fromEntries([...bytes, "a"].map((token, id) => [token, id]));
  const model = { type: "WordLevel", vocab, unk_token: "a" };
  const codec = createTextCodec({ model, decoder: LLAMA_DECODER }, {});
  const [character, other, unknown] = [
    fc.constantFrom([0, 1], [2, 3, 4, 5], [6]),
    fc.constantFrom([7], [0], [1]),
    [99],
  ];
  const damage = fc.array(fc.tuple(fc.nat({ max: 4000 }), fc.oneof(other, fc.constant(unknown))), {
    maxLength: 4,
  });
  const characters = fc.array(character, { minLength: 1500, maxLength: 4000, size: "max" });
  fc.assert(
    fc.property(characters, damage, (parts, wrong) => {
      const ids = parts.flatMap((part, at) => [...part, ...wrong.flatMap(([to, id]) => to === at ? id : [])]);
      assert.deepEqual(tokensInSlices(codec, ids), codec.tokensOf(ids));
      assert.equal(finishSlices(codec.decodeInSlices(ids)), codec.decode(ids));
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
