// Tokenizers in other files than tokenizer.json, as Transformers reads them (fuzz_converted.py).
import assert from "node:assert/strict";
import { convertTokenizer } from "../../lib/text/converted/convert.ts";
import { readPieceModel } from "../../lib/text/converted/piece_model.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { comparisonsOf, readFolderLines } from "./folder_lines.ts";

Deno.test("vocab.json, vocab.txt, tokenizer.model, tiktoken.model and tekken.json give Transformers' ids", async () => {
  const lines = await readFolderLines("tokenizer_conversions");
  const kinds = new Set(
    lines.map(({ files }) => Object.keys(files).find((name) => TOKENIZERS.includes(name))),
  );
  assert.deepEqual([...kinds].toSorted(), TOKENIZERS.toSorted());
  for (const line of lines.filter(({ name }) => name !== WITHOUT_CLS)) {
    for (const [what, theirs, ours] of comparisonsOf(line)) {
      assert.deepEqual(ours, theirs, `${line.name}: ${what}`);
    }
  }
});

const TOKENIZERS = ["vocab.json", "vocab.txt", "tokenizer.model", "tiktoken.model", "tekken.json"];

/** A BertTokenizer whose cls_token is null: Transformers puts the token 2 there, whatever that is. */
const WITHOUT_CLS = "7-5";

const encode = (text: string) => new TextEncoder().encode(text);
const GPT2 = { "vocab.json": encode('{"a":0,"b":1,"ab":2}'), "merges.txt": encode("#version: 0.2\na b\n") };

function idsOf(
  files: Record<string, Uint8Array>,
  config: object,
  tokenizerConfig: object,
  text = "ab<|endoftext|>",
): number[] {
  const { json, config: filled } = convertTokenizer(files, {
    config: config as Record<string, unknown>,
    tokenizerConfig: tokenizerConfig as Record<string, unknown>,
  });
  return createTextCodec(json, filled).encode(text);
}

Deno.test("the type of a model says how its vocabulary is read where its tokenizer declares nothing", () => {
  assert.deepEqual(idsOf(GPT2, { model_type: "gpt2" }, {}), [2, 3]);
  assert.deepEqual(idsOf(GPT2, { model_type: "gpt2" }, { tokenizer_class: "PreTrainedTokenizerFast" }), [
    2,
    3,
  ]);
  assert.deepEqual(idsOf(GPT2, { model_type: "gpt_bigcode" }, { tokenizer_class: "GPT2TokenizerFast" }), [
    2,
    3,
  ]);
  assert.deepEqual(idsOf(GPT2, {}, { tokenizer_class: "GPT2Tokenizer", add_bos_token: true }), [3, 2, 3]);
});

Deno.test("a folder of Qwen2 is read as Qwen2 whatever it declares, as AutoTokenizer does; one of Qwen3.5 is not", () => {
  const files = { "vocab.json": encode('{"1":0,"2":1,"12":2}'), "merges.txt": encode("1 2\n") };
  const ids = (model_type: string, tokenizer_class: string) =>
    idsOf(files, { model_type }, { tokenizer_class }, "12");
  for (const declared of ["GPT2Tokenizer", "LlamaTokenizer", "PreTrainedTokenizerFast", "OwnTokenizer"]) {
    assert.deepEqual(ids("qwen2", declared), [0, 1], declared); // Qwen2 cuts between digits
  }
  assert.deepEqual(ids("qwen3", "GPT2Tokenizer"), [2]);
  // Its class reads no vocab.json: Transformers makes a tokenizer of one token there.
  const refused = /the class Qwen3_5Tokenizer has other files than vocab\.json and merges\.txt/;
  for (const model_type of ["qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text", "qwen4_exp"]) {
    for (const declared of ["Qwen2Tokenizer", "GPT2Tokenizer", "PreTrainedTokenizerFast"]) {
      assert.throws(() => ids(model_type, declared), refused, `${model_type} ${declared}`);
    }
  }
  assert.throws(() => idsOf(files, { model_type: "qwen3_5_text" }, {}), refused);
  assert.deepEqual(ids("qwen3_5_text", "Qwen2Tokenizer"), [0, 1]);
});

Deno.test("what no class of the list reads is refused with the reason", () => {
  const program = { auto_map: { AutoTokenizer: ["own.Tokenizer", null] } };
  const refused: [files: Record<string, Uint8Array>, config: object, tokenizerConfig: object, RegExp][] = [
    [
      GPT2,
      { model_type: "ctrl" },
      { tokenizer_class: "CTRLTokenizer" },
      /^Error: a tokenizer of the class CTRL/,
    ],
    [GPT2, {}, {}, /class TokenizersBackend has other files than vocab\.json and merges\.txt/],
    ...["chatlm", "hyperclovax", "iquestcoder", "modernbert-decoder", "nvfp4", "opencua"].map((
      model_type,
    ): typeof refused[number] => [
      GPT2,
      { model_type },
      { tokenizer_class: "OwnTokenizer" },
      /class TokenizersBackend has other files/, // whatever such a folder declares
    ]),
    [GPT2, { model_type: "qwen" }, program, /a program of its own/],
    [GPT2, { model_type: "gpt2" }, { ...program, tokenizer_class: "OwnTokenizer" }, /class OwnTokenizer/],
    [
      { ...GPT2, "merges.txt": encode("a b c\n") },
      { model_type: "gpt2" },
      {},
      /merges\.txt .* line 1 is not a pair/,
    ],
    [{ ...GPT2, "vocab.json": encode("[]") }, { model_type: "gpt2" }, {}, /vocab\.json .* no JSON object/],
    [{ "tokenizer.model": encode("no model") }, {}, {}, /tokenizer\.model .* no SentencePiece model/],
    [{ "tiktoken.model": encode("YQ== 0\nx\n") }, {}, {}, /tiktoken\.model .* not a token and its rank/],
    [{ "tekken.json": encode('{"config":{"pattern":"a"},"vocab":[]}') }, {}, {}, /lists no special_tokens/],
  ];
  for (const [files, config, tokenizerConfig, sentence] of refused) {
    assert.throws(() => idsOf(files, config, tokenizerConfig), sentence);
  }
});

Deno.test("a token of a million letters is refused: every way to make it would be looked for", () => {
  const long = "a".repeat(1_000_000);
  const field = (number: number, bytes: Uint8Array) => {
    const length = [bytes.length & 0x7f | 0x80, bytes.length >> 7 & 0x7f | 0x80, bytes.length >> 14];
    return Uint8Array.from([number << 3 | 2, ...length, ...bytes]);
  };
  const model = field(1, field(1, encode(long)));
  const bpe = Uint8Array.from([2 << 3 | 2, 2, 3 << 3, 2]); // trainer_spec.model_type
  const files: Record<string, Uint8Array>[] = [
    { "tokenizer.model": Uint8Array.from([...model, ...bpe]) },
    { "tiktoken.model": encode(`YQ== 0\n${btoa(long)} 1\n`) },
  ];
  for (const one of files) assert.throws(() => idsOf(one, {}, {}), /a token of 1000000 /);
});

Deno.test("ids far behind the others are refused, not filled up to", () => {
  const tekken = {
    config: { pattern: "a", default_num_special_tokens: 1e9 },
    ...{ vocab: [], special_tokens: [{ rank: 0, token_str: "<s>" }] },
  };
  const tiktoken = { "tiktoken.model": encode("YQ== 0\n") };
  const config = { added_tokens_decoder: { 999999999: { content: "<x>" } } };
  assert.throws(() => idsOf(tiktoken, {}, config), /a token of the id 999999999 behind 1 others/);
  const files = { "tekken.json": encode(JSON.stringify(tekken)) };
  assert.throws(() => idsOf(files, {}, {}), /1000000000 special tokens/);
});

Deno.test("a SentencePiece model that is cut anywhere is refused, or has fewer pieces", async () => {
  const lines = await readFolderLines("tokenizer_conversions");
  const line = lines.find(({ files }) => "tokenizer.model" in files);
  const bytes = Uint8Array.fromBase64(line!.files["tokenizer.model"] as string);
  const whole = readPieceModel("x", bytes).pieces.length;
  for (let end = 0; end < bytes.length; end += 7) {
    try {
      assert.ok(readPieceModel("x", bytes.subarray(0, end)).pieces.length <= whole);
    } catch (error) {
      assert.match(String(error), /The file x can't be used: it is no SentencePiece model/);
    }
  }
});
