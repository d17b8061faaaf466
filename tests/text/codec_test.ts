import assert from "node:assert/strict";
import fc from "fast-check";
import { addedToken } from "./added_token.ts";
import { createTextCodec, parseTokenizer } from "../../lib/text/codec.ts";
import type { TextCodec } from "../../lib/text/types.ts";

const bundled = new URL("../../models/HuggingFaceTB/SmolLM2-135M-Instruct/", import.meta.url);
const fixtures = new URL("../fixtures/", import.meta.url);

function readJson(file: URL): unknown {
  return JSON.parse(Deno.readTextFileSync(file));
}

function open(folder: URL): TextCodec {
  const config = Deno.readTextFileSync(new URL("tokenizer_config.json", folder));
  return parseTokenizer(Deno.readTextFileSync(new URL("tokenizer.json", folder)), config);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface Golden {
  vocab_size: number;
  bytes_without_a_token: number[];
  special_ids: number[];
  cases: {
    text: string;
    ids: number[];
    ids_plain?: number[];
    bytes: string[];
    offsets: [number, number][];
    offsets_utf16?: [number, number][];
    decoded: string;
    decoded_skip_special: string;
    lossless: boolean;
  }[];
  streaming: { text: string; ids: number[]; decoded_prefixes: string[] }[];
  vocab: [number, string, string][];
}

const golden = readJson(new URL("tokens.json", fixtures)) as Golden;
const smollm = open(bundled);
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };

Deno.test("encodes every golden text to the reference's ids", () => {
  for (const { text, ids } of golden.cases) assert.deepEqual(smollm.encode(text), ids, JSON.stringify(text));
});

Deno.test("encodes special-token strings as ordinary text on demand", () => {
  for (const { text, ids, ids_plain } of golden.cases) {
    assert.deepEqual(smollm.encode(text, { specials: false }), ids_plain ?? ids, JSON.stringify(text));
  }
  assert.ok(golden.cases.some((one) => one.ids_plain !== undefined));
});

Deno.test("knows the exact bytes of every golden token", () => {
  for (const { ids, bytes } of golden.cases) assert.deepEqual(ids.map((id) => hex(smollm.bytes(id))), bytes);
  for (const [id, token, bytes] of golden.vocab) assert.equal(hex(smollm.bytes(id)), bytes, token);
  assert.equal(smollm.size, golden.vocab_size);
});

Deno.test("decodes as the reference does, with special tokens and without", () => {
  for (const { ids, decoded, decoded_skip_special } of golden.cases) {
    assert.equal(smollm.decode(ids), decoded);
    assert.equal(smollm.decode(ids.filter((id) => !smollm.isSpecial(id))), decoded_skip_special);
  }
});

Deno.test("places every token in the text, in UTF-16 units", () => {
  for (const { ids, text, offsets, offsets_utf16, lossless } of golden.cases) {
    if (!lossless) continue; // the reference counts characters there that no token has
    const tokens = smollm.tokensOf(ids);
    const expected = offsets_utf16 ?? offsets;
    assert.deepEqual(
      tokens.map((token) => token.offset),
      expected.map(([start]) => start),
      JSON.stringify(text),
    );
    for (const [i, token] of tokens.entries()) {
      if (!token.display.includes("⟨")) {
        assert.equal(token.offset + token.text.length, expected[i]?.[1], text);
      }
    }
  }
});

Deno.test("decodes every prefix of a path as the reference does", () => {
  for (const { ids, decoded_prefixes } of golden.streaming) {
    const prefixes = decoded_prefixes.map((_, n) => smollm.decode(ids.slice(0, n)));
    assert.deepEqual(prefixes, decoded_prefixes);
  }
});

Deno.test("marks exactly the special ids", () => {
  const special = Array.from({ length: golden.vocab_size }, (_, id) => id).filter((id) =>
    smollm.isSpecial(id)
  );
  assert.deepEqual(special, golden.special_ids);
});

Deno.test("no token carries a byte that the vocabulary lacks", () => {
  const seen = new Set<number>();
  for (let id = 0; id < smollm.size; id++) for (const byte of smollm.bytes(id)) seen.add(byte);
  const absent = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !seen.has(byte));
  assert.deepEqual(absent, golden.bytes_without_a_token);
});

Deno.test("the tiny models' tokenizers agree with their references", () => {
  for (const entry of Deno.readDirSync(new URL("tiny-models/", fixtures))) {
    const codec = open(new URL(`tiny-models/${entry.name}/`, fixtures));
    const reference = readJson(new URL(`refs/${entry.name}/golden.json`, fixtures)) as {
      cases: { prompt: unknown; chat_text?: string; ids: number[]; tokens: string[] }[];
    };
    assert.ok(reference.cases.length > 0, entry.name);
    for (const { prompt, chat_text, ids, tokens } of reference.cases) {
      const text = chat_text ?? prompt;
      assert.ok(typeof text === "string", entry.name);
      // a chat template writes its own BOS
      assert.deepEqual(codec.encode(text, { postProcess: chat_text === undefined }), ids, entry.name);
      assert.deepEqual(ids.map((id) => codec.single(id).text), tokens, entry.name);
    }
  }
});

Deno.test("splits at every kind of number and at Unicode's white space", () => {
  // ids of the reference for the parts, which its Digits pre-tokenizer takes one by one
  const parts = (texts: string[]) => texts.flatMap((text) => smollm.encode(text));
  assert.deepEqual(smollm.encode("x½²①Ⅷ٣y"), parts(["x", "½", "²", "①", "Ⅷ", "٣", "y"]));
  assert.notEqual(smollm.encode("a\u0085b").length, 0);
  assert.equal(smollm.decode(smollm.encode("a\uFEFF\u0085b")), "a\uFEFF\u0085b");
});

// Ids of the Rust library (tokenizers 0.22).
Deno.test("a character without a token does not keep its neighbours apart", () => {
  assert.deepEqual(smollm.encode("’]\u0006<."), [417, 15971, 30]); // "]<" is one token
  assert.deepEqual(smollm.encode("\u0006ǅ[\u0006-", { specials: false }), [146, 223, 9197]); // "[-" too
  assert.deepEqual(smollm.encode("\u0006\u0013"), []);
});

Deno.test("added tokens take Unicode's white space beside them, and are whole words where they must be", () => {
  const vocab = { a: 0, b: 1, " ": 2, "\u0085": 3, "\uFEFF": 4, "<r>": 5, "<l>": 6, ab: 7 };
  const token = (id: number, content: string, more: object) =>
    addedToken({ id, content, special: true, ...more });
  const codec = createTextCodec({
    model: { type: "BPE", vocab, merges: [] },
    added_tokens: [
      token(5, "<r>", { rstrip: true }),
      token(6, "<l>", { lstrip: true }),
      token(7, "ab", { single_word: true }),
    ],
    decoder: byteLevel,
  }, {});
  assert.deepEqual(codec.encode("a <r> \u0085b"), [0, 2, 5, 1]);
  assert.deepEqual(codec.encode("<r>\uFEFFb"), [5, 4, 1]); // no white space in Unicode
  assert.deepEqual(codec.encode("a\uFEFF \u0085<l> b"), [0, 4, 6, 2, 1]);
  assert.deepEqual(codec.encode("ab a"), [7, 2, 0]);
  assert.deepEqual(codec.encode("aab abb ab<r>"), [0, 0, 1, 2, 0, 1, 1, 2, 7, 5]);
});

Deno.test("holds partial characters together across tokens", () => {
  const tokens = smollm.tokensOf(smollm.encode("a 🦜!"));
  assert.equal(tokens.map((token) => token.text).join(""), "a 🦜!");
  const bird = tokens.findIndex((token) => token.text.includes("🦜"));
  const before = tokens[bird - 1];
  assert.match(before?.display ?? "", /⟨[0-9A-F]{2}( [0-9A-F]{2})*⟩$/);
  assert.equal(tokens[bird]?.display, "🦜");
  const unfinished = smollm.tokensOf(tokens.slice(0, bird).map((token) => token.id));
  assert.equal(
    unfinished.map((token) => token.text).join(""),
    smollm.decode(unfinished.map((token) => token.id)),
  );
  assert.ok(unfinished.at(-1)?.text.endsWith("\uFFFD"));
});

Deno.test("shows whitespace and never changes the text", () => {
  const shown = (text: string) =>
    smollm.tokensOf(smollm.encode(text)).map((token) => [token.text, token.display]);
  assert.deepEqual(shown(" the"), [[" the", "␠the"]]);
  assert.deepEqual(shown("  "), [["  ", "␠␠"]]);
  assert.deepEqual(shown("\n"), [["\n", "⏎"]]);
  assert.deepEqual(shown("\t"), [["\t", "⇥"]]);
  assert.deepEqual(shown("<|im_end|>"), [["<|im_end|>", "<|im_end|>"]]);
});

Deno.test("shows a candidate alone", () => {
  const [lead] = smollm.encode("🦜");
  const single = smollm.single(lead ?? -1);
  assert.match(single.text, /\uFFFD/);
  assert.match(single.display, /^␠*⟨/);
  assert.deepEqual(smollm.single(2), {
    id: 2,
    text: "<|im_end|>",
    display: "<|im_end|>",
    special: true,
    bytes: Array.from(new TextEncoder().encode("<|im_end|>")),
    offset: 0,
  });
  const padding = smollm.single(smollm.size + 5);
  assert.deepEqual([padding.text, padding.display, padding.bytes], ["", "∅", []]);
  assert.equal(smollm.has(smollm.size + 5), false);
});

Deno.test("adds the post-processor's tokens unless told not to", () => {
  const llama = open(new URL("tiny-models/tiny-llama-gqa/", fixtures));
  const [begin, ...rest] = llama.encode("The cat");
  assert.equal(llama.single(begin ?? -1).text, "<|begin_of_text|>");
  assert.deepEqual(llama.encode("The cat", { postProcess: false }), rest);
  assert.deepEqual(llama.encode("The cat", { specials: false }), [begin, ...rest]);
  assert.deepEqual(llama.encode(""), [begin]);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(
    fc.constantFrom(
      "<|im_end|>",
      "<|im_start|>",
      "<|endoftext|>",
      " ",
      "\n",
      "½",
      "5",
      "🦜",
      "é",
      "\uFEFF",
      "x",
    ),
  )
    .map((parts) => parts.join("")),
);
const anyPath = fc.array(fc.nat({ max: smollm.size - 1 }));

Deno.test("property: the texts of the tokens joined are the decoded text", () => {
  fc.assert(fc.property(anyPath, (ids) => {
    const tokens = smollm.tokensOf(ids);
    assert.equal(tokens.map((token) => token.text).join(""), smollm.decode(ids));
    const bytes = tokens.flatMap((token) => token.bytes);
    assert.equal(
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes)),
      smollm.decode(ids),
    );
    let offset = 0;
    for (const token of tokens) {
      assert.equal(token.offset, offset);
      offset += token.text.length;
    }
  }));
});

Deno.test("property: where every byte has a token, text survives the way through ids", () => {
  fc.assert(fc.property(anyText, (text) => {
    const bytes = new TextEncoder().encode(text);
    fc.pre(!bytes.some((byte) => golden.bytes_without_a_token.includes(byte)));
    assert.equal(smollm.decode(smollm.encode(text)), text);
    assert.equal(smollm.decode(smollm.encode(text, { specials: false })), text);
  }));
});

Deno.test("property: ordinary text never yields special ids", () => {
  fc.assert(fc.property(anyText, (text) => {
    assert.ok(!smollm.encode(text, { specials: false }).some((id) => smollm.isSpecial(id)));
  }));
});

Deno.test("a megabyte goes through whole", () => {
  const text = "Once upon a time, 3 owls said ½ 🦜 nothing.\n".repeat(22_000);
  const ids = smollm.encode(text);
  const tokens = smollm.tokensOf(ids);
  assert.equal(smollm.decode(ids), text);
  assert.equal(tokens.at(-1)?.offset, text.length - (tokens.at(-1)?.text.length ?? 0));
});

Deno.test("refuses broken files with sentences that name them", () => {
  const folder = new URL("broken-models/invalid-tokenizer-json/", fixtures);
  const expected = readJson(new URL("expect.json", folder)) as { message_should_mention: string[] };
  assert.throws(() => open(folder), (error: Error) => {
    return expected.message_should_mention.every((word) => error.message.includes(word));
  });
  const message = /^The file tokenizer\.json can't be used: .*\.$/;
  for (const json of [null, [], {}, { model: {} }, { model: { vocab: {} }, added_tokens: [{}] }]) {
    assert.throws(() => createTextCodec(json, {}), {
      message: json === null ? /tokenizer\.json/ : /tokenizer\.json/,
    });
  }
  const badMerges = { model: { type: "BPE", vocab: {}, merges: [5] }, decoder: byteLevel };
  assert.throws(() => createTextCodec(badMerges, {}), { message });
  const odd = { model: { type: "Odd", vocab: {} }, decoder: byteLevel };
  assert.throws(() => createTextCodec(odd, {}), { message: /tokenizer\.json has a model of type Odd/ });
  const model = { type: "BPE", vocab: {}, merges: [] };
  assert.throws(() => createTextCodec({ model, decoder: { type: "Odd" } }, {}), { message: /type Odd/ });
  assert.throws(() => createTextCodec({ model, decoder: { type: "CTC" } }, {}), {
    message: /CTC needs "pad_token"/,
  });
  assert.throws(() => createTextCodec({ model: { vocab: {} } }, []), { message: /tokenizer_config\.json/ });
});
