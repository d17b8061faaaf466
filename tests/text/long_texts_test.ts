// Long texts give what short ones give, in turns with the thread's other tasks, and end where they are too long.
import assert from "node:assert/strict";
import fc from "fast-check";
import { finishSlices } from "../../lib/basics/slices.ts";
import { Turns } from "../../lib/basics/turns.ts";
import { createTextCodec, parseTokenizer } from "../../lib/text/codec.ts";
import type { TextCodec } from "../../lib/text/types.ts";
import { LLAMA_DECODER } from "./llama_decoder.ts";

const bundledText = await Deno.readTextFile("models/HuggingFaceTB/SmolLM2-135M-Instruct/tokenizer.json");
const bundled = parseTokenizer(bundledText, null);

const LETTERS = ["<unk>", "▁", "a", "b", "ab", "▁ab", "##a", "##b", "##ab", "深", "7", "77"];
const vocab = Object.fromEntries(LETTERS.map((token, id) => [token, id]));
const unigram = {
  model: { type: "Unigram", unk_id: 0, vocab: LETTERS.map((token) => [token, -1 / token.length]) },
  normalizer: { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] },
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
  decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
};
const wordPiece = {
  model: {
    ...{ type: "WordPiece", vocab, unk_token: "<unk>", continuing_subword_prefix: "##" },
    max_input_chars_per_word: 100_000,
  },
  normalizer: {
    ...{ type: "BertNormalizer", clean_text: true, handle_chinese_chars: true },
    ...{ strip_accents: null, lowercase: true },
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
};
const codecs: Readonly<Record<string, TextCodec>> = {
  bundled,
  unigram: createTextCodec(unigram, {}),
  wordPiece: createTextCodec(wordPiece, {}),
};

/** What one text repeats. Some make one endless word, some nothing but words. */
const PARTS: Readonly<Record<string, string>> = {
  ...{ letter: "a", spaces: " ", newlines: "\n", crlf: "\r\n", tabs: "\t ", digits: "7", quotes: "'" },
  ...{ prose: "Once upon a time, 3 owls said ½ 🦜 nothing.\n", base64: "q83vASNFZ4mrze8B+/", family: "👩‍👩‍👧‍👦" },
  ...{ chinese: "深度學習", accents: "e\u0301\u0315", specials: "<|im_start|>a", half: "<|im_" },
};
const LENGTH = 40_000;

const BARE = { before: "", after: "" };

const leastOf = (codec: TextCodec, text: string) => finishSlices(codec.leastTokens(text));

function tokensInSlices(codec: TextCodec, ids: ArrayLike<number>): unknown {
  return JSON.parse(new TextDecoder().decode(finishSlices(codec.tokenJsonInSlices(ids, BARE))));
}

for (const [name, codec] of Object.entries(codecs)) {
  Deno.test(`${name}: long texts of every kind are the same in slices and at once`, () => {
    for (const [kind, part] of Object.entries(PARTS)) {
      const text = part.repeat(LENGTH / part.length);
      const ids = codec.encode(text);
      const read = finishSlices(codec.encodeInSlices(text));
      assert.deepEqual(Array.from(read!.ids), ids, kind);
      assert.equal(read?.complete, codec.covers(text), kind);
      assert.deepEqual(tokensInSlices(codec, ids), codec.tokensOf(ids), kind);
    }
  });
}

Deno.test("property: paths are described the same in slices and at once, whatever their bytes are", () => {
  // Ids of single bytes, continuation bytes among them, and of a few words: mostly no text at all.
  const ids = fc.array(fc.integer({ min: 17, max: 600 }), { minLength: 5000, maxLength: 9000, size: "max" });
  fc.assert(
    fc.property(ids, (path) => {
      assert.deepEqual(tokensInSlices(bundled, path), bundled.tokensOf(path));
      assert.equal(bundled.tokensOf(path).map(({ text }) => text).join(""), bundled.decode(path));
      assert.equal(finishSlices(bundled.decodeInSlices(path)), bundled.decode(path));
    }),
    { numRuns: 15 },
  );
});

const DECODERS: Readonly<Record<string, object | null>> = {
  none: null,
  metaspace: unigram.decoder,
  wordPiece: wordPiece.decoder,
  bpe: { type: "BPEDecoder", suffix: "</w>" },
  ctc: { type: "CTC", pad_token: "a", word_delimiter_token: "|", cleanup: true },
  llama: LLAMA_DECODER,
  "ends of a space": sequence(replacing("▁", " "), { type: "Fuse" }, stripping(3, 3)),
  "bytes of another name": sequence(replacing("a", "<0x41>"), { type: "ByteFallback" }),
  "across tokens": sequence({ type: "Fuse" }, replacing("ab", "-")),
  "whatever it is": sequence(
    { type: "Replace", pattern: { Regex: "." }, content: " " },
    { type: "Fuse" },
    stripping(9, 9),
  ),
};

function sequence(...decoders: readonly object[]) {
  return { type: "Sequence", decoders };
}

function replacing(text: string, content: string) {
  return { type: "Replace", pattern: { String: text }, content };
}

function stripping(start: number, stop: number) {
  return { type: "Strip", content: " ", start, stop };
}

for (const [name, decoder] of Object.entries(DECODERS)) {
  Deno.test(`property: long paths are decoded the same in parts and at once: ${name}`, () => {
    const tokens = [
      "a",
      "b",
      "▁",
      "▁ab",
      "##b",
      " ",
      "</w>",
      "b</w>",
      "|",
      "",
      ".",
      " .",
      "<0x41>",
      "<0xC3>",
      "<0xA9>",
      "é",
    ];
    // Half of the ids are no token's.
    const vocab = Object.fromEntries([...tokens, "last"].map((token, at) => [token, 2 * at]));
    const codec = createTextCodec({ model: { type: "WordLevel", vocab, unk_token: "a" }, decoder }, {});
    const few = fc.uniqueArray(fc.nat({ max: 2 * tokens.length }), { minLength: 1, maxLength: 5 });
    const path = few.chain((few) =>
      fc.array(
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...few) }, fc.nat({ max: 2 * tokens.length })),
        {
          ...{ minLength: 1000, maxLength: 4000, size: "max" },
        },
      )
    );
    fc.assert(
      fc.property(path, (ids) => {
        assert.deepEqual(tokensInSlices(codec, ids), codec.tokensOf(ids));
        assert.equal(finishSlices(codec.decodeInSlices(ids)), codec.decode(ids));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
}

Deno.test("a text of more strange words than are kept is encoded as its words are", () => {
  let state = 1;
  const next = () => state = state * 48_271 % 2_147_483_647;
  const word = () =>
    String.fromCharCode(32, ...Array.from({ length: 2 + next() % 9 }, () => 97 + next() % 26));
  const words = Array.from({ length: 60_000 }, word);
  const [few, many] = [parseTokenizer(bundledText, null), parseTokenizer(bundledText, null)];
  const expected = words.flatMap((word) => few.encode(word));
  for (let time = 0; time < 2; time++) assert.ok(many.encode(words.join("")).join() === expected.join());
});

Deno.test("a text of more strange characters than are kept is described as its tokens are", () => {
  const strange = Array.from({ length: 30_000 }, (_, at) => String.fromCodePoint(0x10000 + 34 * at)).join("");
  const text = strange + strange.slice(0, 2000);
  const ids = bundled.encode(text);
  assert.ok(JSON.stringify(tokensInSlices(bundled, ids)) === JSON.stringify(bundled.tokensOf(ids)));
});

/** How often slices rest. */
function countRests(slices: Iterable<void>): number {
  let rests = 0;
  for (const rest of slices) rests += rest === undefined ? 1 : 0;
  return rests;
}

Deno.test("a mebibyte is counted, and special tokens in one word of it are spelt out, with many rests", () => {
  assert.ok(countRests(bundled.leastTokens("ab".repeat(2 ** 19))) >= 2 ** 20 / 2 ** 16);
  const vocab = Object.fromEntries(["<", "s", ">", "<s", "<s>"].map((token, id) => [token, id]));
  const model = { type: "BPE", vocab, merges: [["<", "s"], ["<s", ">"]] };
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const codec = createTextCodec({ model, added_tokens: [{ id: 4, content: "<s>", ...flags }] }, {});
  const [text, options] = ["<s>".repeat(20_000), { specials: false }];
  assert.ok(codec.encode(text, options).join() === "0,1,2,".repeat(20_000).slice(0, -1));
  const unspelt = countRests(createTextCodec({ model }, {}).encodeInSlices(text, options));
  assert.ok(countRests(codec.encodeInSlices(text, options)) > unspelt + 20_000 / 300);
});

Deno.test("others have their turn while a megabyte is encoded and described, one word or many", async () => {
  const works = new Turns();
  for (const part of [" ", "q83vASNFZ4mrze8B+/", "\n", "<|im_start|>"]) {
    let turns = 0;
    const timer = setInterval(() => turns++);
    const text = part.repeat(2 ** 20 / part.length);
    const read = await works.finish(bundled.encodeInSlices(text, { specials: false }));
    await works.finish(bundled.tokenJsonInSlices(read!.ids, BARE));
    assert.ok(turns > 2, `${turns} turns beside ${JSON.stringify(part)}`);
    turns = 0;
    const ids = Array.from({ length: 2 ** 19 }, (_, at) => read!.ids[at % read!.ids.length]!);
    await works.finish(bundled.decodeInSlices(ids));
    clearInterval(timer);
    assert.ok(turns > 2, `${turns} turns beside the ids of ${JSON.stringify(part)}`);
  }
});

Deno.test("an added token is found wherever it stands in a long text", () => {
  const [seven, special] = [bundled.encode("7")[0]!, bundled.encode("<|im_start|>")[0]!];
  for (let before = 2 ** 16 - 14; before < 2 ** 16 + 3; before++) {
    const text = `${"7".repeat(before)}<|im_start|>${"7".repeat(2 ** 16)}<|im_start|>`;
    const sevens = (count: number) => Array<number>(count).fill(seven);
    const expected = [...sevens(before), special, ...sevens(2 ** 16), special];
    assert.ok(bundled.encode(text).join() === expected.join(), `behind ${before}`);
  }
});

Deno.test("a text of too many tokens ends before it is encoded whole", () => {
  const read = (codec: TextCodec, text: string, most: number) =>
    finishSlices(codec.encodeInSlices(text, { most }))?.ids.length ?? null;
  const model = { type: "WordLevel", vocab: { a: 0 }, unk_token: "none" };
  const words = createTextCodec({ model, pre_tokenizer: { type: "WhitespaceSplit" } }, {});
  const text = `${"a ".repeat(5000)}z`; // the last word cannot be written
  assert.throws(() => finishSlices(words.encodeInSlices(text)), /unknown token "none"/);
  assert.equal(read(words, text, 4999), null);
  const most = bundled.encode(" ".repeat(2 ** 17)).length; // one word
  assert.equal(read(bundled, " ".repeat(2 ** 17), most), most);
  assert.equal(read(bundled, " ".repeat(2 ** 17), most - 1), null);
  assert.equal(read(bundled, "<|im_start|>".repeat(100), 99), null);
  for (const part of ["a", "ab", "\n", " ", "-=", "深"]) {
    const text = part.repeat(10_000);
    const { length } = bundled.encode(text);
    assert.equal(read(bundled, text, length), length, part);
    assert.equal(read(bundled, text, length - 1), null, part);
  }
});

Deno.test("property: no text has fewer tokens than it is said to have at least", () => {
  const id = fc.integer({ min: 0, max: bundled.size - 1 });
  const part = fc.oneof(
    id.map((id) => bundled.single(id).text),
    fc.constantFrom("<|im_start|>", "🦜", "\n", "7"),
  );
  const run = fc.tuple(fc.constantFrom("\n", " ", "a", "="), fc.integer({ min: 1, max: 600 }))
    .map(([letter, times]) => letter.repeat(times));
  fc.assert(fc.property(fc.array(fc.oneof(part, run), { maxLength: 30 }), (parts) => {
    const text = parts.join("");
    assert.ok(leastOf(bundled, text) <= bundled.encode(text, { postProcess: false }).length);
  }));
});

Deno.test("how many tokens a text has at least is known where nothing of it can vanish", () => {
  const json = JSON.parse(bundledText);
  const tokens = Object.keys(json.model.vocab);
  const longestWith = (part: string) =>
    Math.max(...tokens.filter((token) => token.includes(part)).map((token) => token.length));
  const longest = longestWith("");
  assert.ok(longestWith("z") < longest); // that of a letter counts, not that of all
  assert.equal(leastOf(bundled, "z".repeat(longestWith("z"))), 1);
  assert.equal(leastOf(bundled, "z".repeat(longestWith("z") + 1)), 2);
  assert.ok(leastOf(bundled, "\n".repeat(50_000)) > 50_000 / 4 - 100); // four are the longest token of nothing else
  for (const part of Object.values(PARTS)) {
    const text = part.repeat(2000);
    assert.ok(leastOf(bundled, text) <= bundled.encode(text, { postProcess: false }).length, part);
    assert.ok(leastOf(bundled, text) >= text.length / longest, part);
  }
  assert.equal(bundled.encode("\u0004".repeat(1000)).length, 0); // it has no token
  assert.equal(leastOf(bundled, "\u0004".repeat(1000)), 0);
  const least = (change: object) => leastOf(createTextCodec({ ...json, ...change }, {}), "a".repeat(1000));
  const known = leastOf(bundled, "a".repeat(1000));
  const removing = { type: "Split", pattern: { String: " " }, behavior: "Removed", invert: false };
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
  const sequence = (first: object) => ({ type: "Sequence", pretokenizers: [first, byteLevel] });
  const mask = { ...json.added_tokens[0], id: 49_152, content: "<mask>", lstrip: true };
  const cases: readonly (readonly [object, number])[] = [
    [{ normalizer: { type: "NFC" } }, 0],
    [{ pre_tokenizer: null }, 0],
    [{ pre_tokenizer: sequence(removing) }, 0],
    [{ pre_tokenizer: sequence({ ...removing, behavior: "Isolated" }) }, known],
    [{ added_tokens: [...json.added_tokens, mask] }, 0],
    [{ model: { ...json.model, unk_token: "<|endoftext|>" } }, 0],
  ];
  for (const [change, count] of cases) {
    assert.equal(least(change), count, JSON.stringify(change).slice(0, 80));
  }
  assert.equal(leastOf(codecs.unigram!, "a".repeat(1000)), 0);
});
