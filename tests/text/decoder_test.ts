// Two small SentencePiece-like tokenizers; expected values are what the Rust library (tokenizers 0.23) answers.
import assert from "node:assert/strict";
import fc from "fast-check";
import { createTextCodec } from "../../lib/text/codec.ts";
import { addedToken } from "./added_token.ts";
import { LLAMA_DECODER } from "./llama_decoder.ts";

const specials = ["<unk>", "<s>", "</s>"];
const bytePieces = Array.from(
  { length: 256 },
  (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, "0")}>`,
);
const pieces = [...specials, ...bytePieces, "▁", "a", "b", "c", "▁a", "▁▁", "bc", "▁abc"];
const added_tokens = specials.map((content, id) => addedToken({ id, content, special: true }));
const BOS = { SpecialToken: { id: "<s>", type_id: 0 } };

const byteFallback = createTextCodec({
  added_tokens,
  normalizer: {
    type: "Sequence",
    normalizers: [
      { type: "Prepend", prepend: "▁" },
      { type: "Replace", pattern: { String: " " }, content: "▁" },
    ],
  },
  pre_tokenizer: null,
  post_processor: {
    type: "TemplateProcessing",
    single: [BOS, { Sequence: { id: "A", type_id: 0 } }],
    pair: [],
    special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
  },
  decoder: LLAMA_DECODER,
  model: {
    type: "BPE",
    unk_token: "<unk>",
    fuse_unk: true,
    byte_fallback: true,
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    merges: ["▁ a", "▁ ▁", "b c", "▁a bc"],
  },
}, {});

const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
const vocab = [["<unk>", 0], ["<s>", 0], ["</s>", 0], ["▁", -2], ["a", -3], ["b", -3], ["▁a", -4], [
  "ab",
  -4,
]];
const unigram = createTextCodec({
  added_tokens,
  pre_tokenizer: metaspace,
  decoder: metaspace,
  model: { type: "Unigram", unk_id: 0, vocab: [...vocab, ["▁▁", -3], ["<", -5], ["s", -5], [">", -5]] },
}, {});

Deno.test("byte fallback: ids and text of the reference", () => {
  const cases: [string, number[], string][] = [
    ["abc a", [1, 266, 263], "<s> abc a"],
    ["é<s>🦜", [1, 259, 198, 172, 1, 259, 243, 162, 169, 159], "<s> é<s> 🦜"],
    [" a", [1, 259, 263], "<s>  a"],
  ];
  for (const [text, ids, decoded] of cases) {
    assert.deepEqual(byteFallback.encode(text), ids);
    assert.equal(byteFallback.decode(ids), decoded);
  }
});

Deno.test("byte fallback: a run of bytes that is no text becomes one U+FFFD for every byte", () => {
  const cases: [number[], string][] = [
    [[259, 262], "c"],
    [[198, 172, 260], "éa"],
    [[198, 260], "\uFFFDa"],
    [[243, 162], "\uFFFD\uFFFD"],
    [[264, 229], " \uFFFD"],
    [[264, 263, 260], "  aa"],
  ];
  for (const [ids, decoded] of cases) assert.equal(byteFallback.decode(ids), decoded);
});

Deno.test("byte fallback: tokens hold characters together and show lone bytes", () => {
  const tokens = byteFallback.tokensOf([198, 172, 260, 243]);
  assert.deepEqual(tokens.map(({ text, display, offset }) => [text, display, offset]), [
    ["", "⟨C3⟩", 0],
    ["é", "é", 0],
    ["a", "a", 1],
    ["\uFFFD", "⟨F0⟩", 2],
  ]);
});

Deno.test("the first space of a path is not text, but a candidate alone keeps it", () => {
  assert.deepEqual(byteFallback.tokensOf([259, 263]).map(({ text, display }) => [text, display]), [
    ["", "∅"],
    [
      " a",
      "␠a",
    ],
  ]);
  assert.equal(byteFallback.single(263).text, " a");
  assert.deepEqual([...byteFallback.bytes(263)], [0x20, 0x61]);
});

Deno.test("Metaspace splits before every mark, and drops the first", () => {
  assert.deepEqual(unigram.encode("a ab  b"), [6, 3, 7, 3, 3, 5]);
  assert.equal(unigram.decode([6, 3, 7, 3, 3, 5]), "a ab  b");
  assert.deepEqual(unigram.encode("<s>a"), [1, 6]);
  assert.equal(unigram.decode([8, 3, 4]), " a");
});

Deno.test("ordinary text meets no special token even where the vocabulary has its string as a piece", () => {
  const ids = unigram.encode("<s>a", { specials: false });
  assert.ok(!ids.includes(1), String(ids));
  assert.equal(unigram.decode(ids), "<s>a");
});

Deno.test("property: texts of the tokens joined are the decoded text, for byte fallback", () => {
  const path = fc.array(
    fc.oneof(fc.nat({ max: pieces.length - 1 }), fc.constantFrom(198, 172, 243, 162, 169, 159)),
  );
  fc.assert(fc.property(path, (ids) => {
    const tokens = byteFallback.tokensOf(ids);
    assert.equal(tokens.map((token) => token.text).join(""), byteFallback.decode(ids));
    for (const [i, token] of tokens.entries()) {
      assert.equal(token.offset, tokens.slice(0, i).reduce((sum, one) => sum + one.text.length, 0));
    }
  }));
});
