// What the goldens can't say: which characters have no token, what is refused, and what each token's bytes are.
import assert from "node:assert/strict";
import { readNamedTokens } from "../../lib/text/tokenizer_config.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { addedToken } from "./added_token.ts";

const letters = ["<unk>", "▁", "a", "b", "▁a", "é", " ", "-"];
const vocab = Object.fromEntries(letters.map((token, id) => [token, id]));
const BPE = { type: "BPE", vocab, merges: [["▁", "a"]] };
const Unigram = { type: "Unigram", unk_id: 0, vocab: letters.map((token) => [token, -token.length]) };
const WordPiece = {
  ...{ type: "WordPiece", vocab, unk_token: "<unk>" },
  ...{ continuing_subword_prefix: "", max_input_chars_per_word: 100 },
};
const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
const fuse = { type: "Fuse" };

function stand(text: string): string[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const printable = (byte: number) => byte > 0x20 && byte < 0x7f || byte > 0xa0 && byte !== 0xad;
  const other = bytes.filter((byte) => !printable(byte));
  return Array.from(new TextEncoder().encode(text), (byte) => {
    return String.fromCharCode(printable(byte) ? byte : 0x100 + other.indexOf(byte));
  });
}

Deno.test("only characters that have no token are missing: a text that is changed is covered", () => {
  const marked = createTextCodec({ model: BPE, pre_tokenizer: metaspace, decoder: metaspace }, {});
  assert.equal(marked.decode(marked.encode(" ab")), "ab");
  assert.equal(marked.covers(" ab"), true);
  const composed = createTextCodec({ model: BPE, normalizer: { type: "NFC" }, decoder: fuse }, {});
  assert.deepEqual(composed.encode("e\u0301"), [5]);
  assert.equal(composed.covers("e\u0301"), true);
  for (const model of [BPE, { ...BPE, unk_token: "<unk>" }, Unigram, WordPiece]) {
    const codec = createTextCodec({ model, decoder: fuse }, {});
    assert.equal(codec.covers("ab"), true, model.type);
    assert.equal(codec.covers("aüb"), false, model.type);
  }
});

Deno.test("nothing is written before a text of which the normalizer leaves nothing", () => {
  const removed = { type: "Replace", pattern: { String: "b" }, content: "" };
  const prefixed = { ...byteLevel, add_prefix_space: true };
  const model = { ...BPE, vocab: { Ġ: 0, a: 1 }, merges: [] };
  const codec = createTextCodec({ model, normalizer: removed, pre_tokenizer: prefixed, decoder: fuse }, {});
  assert.deepEqual(codec.encode("b"), []);
  assert.deepEqual(codec.encode("ba"), [0, 1]);
});

Deno.test("an unknown token that is written in the text is no missing character", () => {
  const added_tokens = [addedToken({ id: 0, content: "<unk>", special: true })];
  const codec = createTextCodec({ model: { ...BPE, unk_token: "<unk>" }, added_tokens, decoder: fuse }, {});
  assert.deepEqual(codec.encode("a<unk>"), [2, 0]);
  assert.equal(codec.covers("a<unk>"), true);
});

Deno.test("an added token with letters beyond ASCII is its own text between tokens of bytes", () => {
  const model = {
    type: "BPE",
    vocab: Object.fromEntries(stand("xé ").map((one, id) => [one, id])),
    merges: [],
  };
  const added_tokens = [addedToken({ id: 4, content: "ilÖveyou", normalized: true })];
  for (const normalizer of [null, { type: "ByteLevel" }]) {
    const pre_tokenizer = normalizer === null ? byteLevel : null;
    const codec = createTextCodec({ model, added_tokens, normalizer, pre_tokenizer, decoder: byteLevel }, {});
    const ids = codec.encode("xilÖveyou é");
    assert.deepEqual(ids, [0, 4, 3, 1, 2]);
    assert.equal(codec.decode(ids), "xilÖveyou é");
    assert.equal(codec.single(4).text, "ilÖveyou");
    assert.deepEqual([...codec.bytes(4)], [...new TextEncoder().encode("ilÖveyou")]);
  }
});

Deno.test("a token's bytes are what it writes inside a path", () => {
  const bytes = (decoder: unknown, id: number) => {
    return new TextDecoder().decode(createTextCodec({ model: BPE, decoder }, {}).bytes(id));
  };
  assert.equal(bytes(null, 2), " a");
  assert.equal(bytes(metaspace, 4), " a");
  assert.equal(bytes({ type: "WordPiece", prefix: "▁", cleanup: false }, 4), "a");
  assert.equal(bytes({ type: "WordPiece", prefix: "▁", cleanup: false }, 2), " a");
  assert.equal(bytes({ type: "BPEDecoder", suffix: "a" }, 4), "▁ ");
});

Deno.test("what is not done is refused by name", () => {
  const refuses = (parts: object, message: RegExp) => {
    assert.throws(() => createTextCodec({ model: BPE, decoder: fuse, ...parts }, {}), { message });
  };
  refuses({ model: { ...BPE, dropout: 0.1 } }, /a BPE with dropout \(0\.1\)/);
  refuses(
    { model: { ...BPE, merges: [["a", "z"]] } },
    /the token "z" of its merges is not in its vocabulary/,
  );
  refuses({ model: { ...BPE, vocab: { a: 1e9 } } }, /its token "a" has the id 1000000000/);
  refuses({ model: { ...Unigram, unk_id: 99 } }, /"unk_id"/);
  refuses({ model: { ...WordPiece, unk_token: undefined } }, /WordPiece needs "unk_token", a string/);
  refuses({ normalizer: { type: "Odd" } }, /a normalizer of type Odd/);
  refuses({ normalizer: { type: "toString" } }, /a normalizer of type toString/);
  refuses({ normalizer: { type: "Strip" } }, /Strip needs "strip_left", true or false/);
  refuses({ normalizer: { type: "Precompiled", precompiled_charsmap: "" } }, /Precompiled map is empty/);
  refuses(
    { normalizer: { type: "Replace", pattern: { String: "" }, content: "x" } },
    /a Replace of an empty text/,
  );
  refuses({ pre_tokenizer: { type: "Odd" } }, /a pre-tokenizer of type Odd/);
  const split = { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated", invert: false };
  refuses({ pre_tokenizer: { ...split, pattern: { Regex: "\\X" } } }, /Use of "\\X"/);
  refuses({ pre_tokenizer: split }, /the pattern "\("/);
  refuses(
    { pre_tokenizer: { ...split, pattern: { String: "-" }, behavior: "Kept" } },
    /Split needs "behavior", one of Removed, /,
  );
  refuses({ pre_tokenizer: { ...metaspace, add_prefix_space: false } }, /"add_prefix_space": false/);
  refuses({ pre_tokenizer: { ...metaspace, replacement: "__" } }, /"replacement", one character/);
  refuses({ pre_tokenizer: { type: "Sequence" } }, /Sequence needs "pretokenizers", a list/);
  refuses({ post_processor: { type: "Odd" } }, /a post-processor of type Odd/);
  const single = [{ SpecialToken: { id: "<s>", type_id: 0 } }];
  const template = { type: "TemplateProcessing", single, pair: [], special_tokens: {} };
  refuses({ post_processor: template }, /no ids of the token "<s>"/);
  const strip = { type: "Strip", strip_left: true, strip_right: true };
  const added_tokens = [addedToken({ id: 6, content: " ", normalized: true })];
  refuses({ normalizer: strip, added_tokens }, /an added token " " that its normalizer removes/);
  refuses({ version: "2.0" }, /the version "2\.0"/);
});

Deno.test("a vocabulary without unknown token says what it can't write", () => {
  const codec = createTextCodec({ model: { ...WordPiece, unk_token: "[UNK]" }, decoder: fuse }, {});
  assert.deepEqual(codec.encode("ab"), [2, 3]);
  assert.throws(() => codec.encode("z"), { message: /unknown token "\[UNK\]" is not in its vocabulary/ });
  const pieces = createTextCodec({ model: { ...Unigram, unk_id: null }, decoder: fuse }, {});
  assert.throws(() => pieces.encode("z"), { message: /has no unknown token/ });
});

Deno.test("long paths and runs of white space take no longer than their length says", () => {
  const decoder = {
    type: "Sequence",
    decoders: [fuse, { type: "Replace", pattern: { String: "a" }, content: "ab" }],
  };
  const added_tokens = [addedToken({ id: 6, content: " ", rstrip: true })];
  const codec = createTextCodec({ model: BPE, decoder, added_tokens }, {});
  const ids = Array.from({ length: 200_000 }, (_, at) => 2 + at % 2);
  assert.equal(codec.decode(ids), "abb".repeat(100_000));
  assert.equal(codec.tokensOf(ids).at(-2)?.text, "ab");
  const spaces = codec.encode(" ".repeat(200_000));
  assert.equal(spaces.length, 200_000);
});

Deno.test("a token listed twice is decoded as an entry of it was normalized", () => {
  const decoded = (...normalized: readonly boolean[]) => {
    const codec = createTextCodec({
      ...{ version: "1.0", normalizer: { type: "Lowercase" } },
      added_tokens: normalized.map((each) => addedToken({ id: 2, content: "B", normalized: each })),
      model: { type: "WordLevel", vocab: { "[UNK]": 0, a: 1 }, unk_token: "[UNK]" },
    }, {});
    return [codec.encode("aBb"), codec.decode([2])];
  };
  // tokenizers 0.23.3
  assert.deepEqual(decoded(true), [[1, 2, 2], "b"]);
  assert.deepEqual(decoded(true, false), [[1, 2, 0], "b"]);
  assert.deepEqual(decoded(false, true), [[1, 2, 2], "b"]);
  assert.deepEqual(decoded(false, false), [[1, 2, 0], "B"]);
});

Deno.test("scores of a Unigram are the doubles that the reference reads, not always the nearest ones", () => {
  const vocab = [["<unk>", 0], ["a", -5.450837760306149], [".", -7.353357015400982], [
    "..",
    -9.559364120021277,
  ]];
  const codec = createTextCodec({ model: { type: "Unigram", unk_id: 0, vocab } }, {});
  assert.deepEqual(codec.encode("a..."), [1, 2, 3]); // the nearest double of "a" makes [1, 3, 2] as good
});

Deno.test("tokens may be called as what every object inherits", () => {
  const names = ["__proto__", "constructor", "toString", "x"];
  const vocab = Object.fromEntries(names.map((token, id) => [token, id]));
  const token = { special: true, single_word: false, lstrip: false, rstrip: false, normalized: false };
  const models = [
    { type: "WordLevel", vocab, unk_token: "x" },
    {
      type: "WordPiece",
      vocab,
      unk_token: "x",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
    },
    { type: "Unigram", unk_id: 3, vocab: names.map((name) => [name, -1]) },
  ];
  for (const model of models) {
    const added_tokens = [{ ...token, id: 4, content: "hasOwnProperty" }];
    const config = {
      __proto___token: "__proto__",
      extra_special_tokens: JSON.parse('{"__proto__":"constructor"}'),
    };
    const read = JSON.parse(
      JSON.stringify({ model, added_tokens, pre_tokenizer: { type: "WhitespaceSplit" } }),
    );
    const codec = createTextCodec(read, config);
    assert.deepEqual(
      codec.encode("toString x hasOwnProperty __proto__ constructor"),
      [2, 3, 4, 0, 1],
      model.type,
    );
    assert.deepEqual(Object.entries(readNamedTokens(config)), [
      ["__proto___token", "__proto__"],
      ["__proto__", "constructor"],
    ]);
  }
});
